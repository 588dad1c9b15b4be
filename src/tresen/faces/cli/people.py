"""`tresen admin` and `tresen token`."""

from __future__ import annotations

import click

from tresen.faces.cli.prepare import set_up


@click.group()
def admin() -> None:
    """Administrators."""


@admin.command()
@click.option("--email", required=True, help="Mail address to sign in with.")
@click.option("--name", default="", help="Name; taken from the address if not given.")
def create(email: str, name: str) -> None:
    """Makes an administrator and prints a one-time link to set the password.

    Example: tresen admin create --email ada@example.org --name "Ada"
    """
    set_up()
    from django.conf import settings

    from tresen.core.people.accounts import create_administrator
    from tresen.core.people.refusals import AccountExists

    try:
        token = create_administrator(email=email, name=name)
    except AccountExists as fault:
        raise click.ClickException(
            f"{email} has an account already; sign in with it, or give another address."
        ) from fault
    except ValueError as fault:
        raise click.BadParameter(
            f"{email} is not a mail address; write it like ada@example.org.", param_hint="--email"
        ) from fault
    click.echo(f"{settings.BASE_URL}/invite/{token}/")


@admin.command("reset-factors")
@click.option("--email", required=True, help="The agent’s mail address.")
def reset_of(email: str) -> None:
    """Takes away the second factors of somebody who has lost them; the password stays, all browsers are signed out.

    Example: tresen admin reset-factors --email ada@example.org
    """
    set_up()
    from tresen.core.people.factors import reset_factors
    from tresen.core.people.services import agent_by_mail

    agent = agent_by_mail(email)
    if agent is None:
        raise click.ClickException(f"There is no active agent with the address {email}; see Settings, Agents.")
    if not reset_factors(agent.user):
        raise click.ClickException(f"{email} has no second factor; signing in takes the password alone.")
    click.echo(f"{email} signs in with the password alone until a new second factor is set up.")


@click.group()
def token() -> None:
    """API tokens."""


@token.command("create")
@click.option("--agent", "email", required=True, help="The agent’s mail address.")
@click.option("--scopes", default="read,write", show_default=True, help="read, write, admin; separated by commas.")
@click.option("--name", default="command line", show_default=True, help="What it is for.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3650), help="How long it is good for.")
def create_one(email: str, scopes: str, name: str, days: int) -> None:
    """Prints a new token once, alone on its line. Example: tresen token create --agent anna@example.org"""
    set_up()
    from tresen.core.people.services import agent_by_mail
    from tresen.core.people.tokens import WrongScope, create_token
    from tresen.spine.events.actors import Actor

    agent = agent_by_mail(email)
    if agent is None:
        raise click.ClickException(f"There is no active agent with the address {email}; see Settings, Agents.")
    wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
    try:
        click.echo(create_token(agent, name=name, scopes=wanted, days=days, by=Actor.system("command line")))
    except WrongScope as fault:
        raise click.BadParameter(
            f"{str(fault).capitalize()}; possible are read, write and admin.", param_hint="--scopes"
        ) from fault


@token.command("list")
def list_all() -> None:
    """Lists the tokens, never the secrets. Example: tresen token list"""
    set_up()
    from tresen.core.people.models import ApiToken

    for found in ApiToken.objects.select_related("agent__user").order_by("id"):
        state = "revoked" if found.revoked_at else f"until {found.expires_at:%Y-%m-%d}"
        click.echo(f"{found.pk:>5}  {found.prefix}…  {found.agent}  {found.name}  {','.join(found.scopes)}  {state}")


@token.command()
@click.argument("token_id", type=int)
def revoke(token_id: int) -> None:
    """Ends a token at once. Example: tresen token revoke 3"""
    set_up()
    from tresen.core.people.models import ApiToken
    from tresen.core.people.tokens import revoke_token
    from tresen.spine.events.actors import Actor

    found = ApiToken.objects.filter(pk=token_id).first()
    if found is None:
        raise click.ClickException(f"There is no token {token_id}; see tresen token list.")
    revoke_token(found, by=Actor.system("command line"))
    click.echo("revoked")
