"""From rows to what is shown of people. Every field is named here; nothing else gets out."""

from __future__ import annotations

from tresen.core.people import models
from tresen.core.people.services import main_mail
from tresen.faces.api.people import schemas


def organisation_ref(row: models.Organisation | None) -> schemas.OrganisationRef | None:
    """An organisation by id and name."""
    return schemas.OrganisationRef(id=row.pk, name=row.name) if row else None


def team_ref(row: models.Team | None) -> schemas.TeamRef | None:
    """A team by id and names."""
    return schemas.TeamRef(id=row.pk, slug=row.slug, name=row.name) if row else None


def agent_ref(row: models.Agent | None) -> schemas.AgentRef | None:
    """An agent by id, name and address."""
    return schemas.AgentRef(id=row.pk, name=row.user.name, email=row.user.email) if row else None


def contact_ref(row: models.Contact) -> schemas.ContactRef:
    """A contact by id, name and address; needs its identities at hand."""
    return schemas.ContactRef(id=row.pk, name=row.name, email=main_mail(row) or None)


def contact(row: models.Contact) -> schemas.Contact:
    """All that is shown of a contact; needs identities and memberships at hand."""
    identities = sorted(row.identities.all(), key=lambda i: (i.kind, not i.is_main, i.pk))
    memberships = sorted(row.memberships.all(), key=lambda m: (not m.is_main, m.pk))
    main = next((m.organisation for m in memberships if m.is_main), None)
    return schemas.Contact(
        id=row.pk,
        name=row.name,
        email=main_mail(row) or None,
        identities=[
            schemas.Identity(
                kind=i.kind, value=i.value, main=i.is_main, verified=i.verified_at is not None,
                undeliverable=i.undeliverable_at is not None,
            )
            for i in identities
        ],
        language=row.language,
        timezone=row.timezone,
        vip=row.is_vip,
        notes=row.notes,
        organisation=organisation_ref(main),
        organisations=[schemas.OrganisationRef(id=m.organisation.pk, name=m.organisation.name) for m in memberships],
        sees_organisation=any(m.is_main and m.sees_tickets for m in memberships),
        created_at=row.created_at,
        version=row.version,
    )  # fmt: skip


def organisation(row: models.Organisation) -> schemas.Organisation:
    """All that is shown of an organisation."""
    return schemas.Organisation(
        id=row.pk, name=row.name, domains=list(row.domains), vip=row.is_vip, notes=row.notes, created_at=row.created_at
    )


def agent(row: models.Agent) -> schemas.Agent:
    """What colleagues see of an agent; needs memberships at hand."""
    return schemas.Agent(
        id=row.pk,
        name=row.user.name,
        email=row.user.email,
        role=str(row.role_id),
        teams=[
            schemas.TeamOfAgent(id=m.team.pk, slug=m.team.slug, name=m.team.name, role=m.role_id and str(m.role_id))
            for m in sorted(row.memberships.all(), key=lambda m: m.team_id)
        ],
        active=row.user.is_active,
        created_at=row.created_at,
    )


def role(row: models.Role) -> schemas.Role:
    """All that is shown of a role."""
    return schemas.Role(
        key=row.key, name=str(row), description=row.description, built_in=row.is_built_in, rights=sorted(row.held)
    )


def team(row: models.Team) -> schemas.Team:
    """All that is shown of a team."""
    return schemas.Team(id=row.pk, slug=row.slug, name=row.name, description=row.description, active=row.is_active)


def brand(row: models.Brand) -> schemas.Brand:
    """What is shown of a brand."""
    return schemas.Brand(
        id=row.pk, name=row.name, letters=row.letters, language=row.language, timezone=row.timezone,
        is_default=row.is_default, team=row.team_id, host=row.host or None,
        languages=[models.Language(code) for code in row.spoken], phone=row.phone or None, fax=row.fax or None,
        active=row.is_active,
    )  # fmt: skip
