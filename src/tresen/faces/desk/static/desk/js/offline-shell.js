// <offline-shell>: the list of kept tickets, and one of them. Where the address names a ticket, that one is shown.
import { kept } from "./offline-store.js";

class OfflineShell extends HTMLElement {
  async connectedCallback() {
    this.list = this.querySelector(".offline-list");
    this.ticket = this.querySelector(".offline-ticket");
    this.back = this.querySelector(".to-all");
    this.back.addEventListener("click", () => this.choose(null));
    this.tickets = await kept().catch(() => []);
    this.querySelector(".none").hidden = this.tickets.length > 0;
    this.list.append(...this.tickets.map((ticket) => this.line(ticket)));
    const number = location.pathname.match(/\/tickets\/([^/]+)\//)?.[1];
    this.choose(this.tickets.find((ticket) => ticket.number === number) ?? null);
  }

  line(ticket) {
    const button = document.createElement("button");
    button.type = "button";
    const number = document.createElement("span");
    number.className = "num quiet";
    number.textContent = ticket.shown;
    const at = document.createElement("time");
    at.dateTime = new Date(ticket.at).toISOString();
    at.textContent = new Date(ticket.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    button.append(number, document.createTextNode(ticket.title), at);
    button.addEventListener("click", () => this.choose(ticket));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  choose(ticket) {
    this.list.hidden = Boolean(ticket);
    this.ticket.hidden = this.back.hidden = !ticket;
    this.ticket.innerHTML = ticket?.html ?? "";
    if (ticket) this.ticket.querySelector("h2")?.focus();
    else if (this.tickets.length) this.list.querySelector("button")?.focus({ preventScroll: true });
  }
}

customElements.define("offline-shell", OfflineShell);
