// The bar over the phones: who is shown, the clock, and what can be added or saved.

import { fetchFile, tell } from "./api.js";
import { icon, make, saveAs } from "./dom.js";
import { askSheet, labelled, wordField } from "./sheet.js";
import { LANGUAGES, PAGE } from "./words.js";
import { fullName } from "./world.js";

const MANY = 12;

export class Bar {
  constructor(app) {
    this.app = app;
    this.bot = make("span", { class: "bot-name", dir: "auto" });
    this.chips = make("nav", { class: "chips", "aria-label": PAGE.panels });
    this.finder = this.buildFinder();
    this.fold = make(
      "button",
      {
        type: "button",
        class: "fold",
        "aria-expanded": "false",
        "aria-label": PAGE.tools,
        title: PAGE.tools,
        onclick: () => this.toggle(),
      },
      icon("more"),
    );
    const actions = make(
      "div",
      { class: "actions" },
      make(
        "button",
        { type: "button", onclick: () => this.askPerson() },
        icon("add"),
        PAGE.addPerson,
      ),
      make(
        "button",
        { type: "button", onclick: () => this.askGroup() },
        icon("add"),
        PAGE.addGroup,
      ),
      make("button", { type: "button", onclick: () => this.save() }, icon("file"), PAGE.transcript),
    );
    this.element = make(
      "header",
      { class: "bar" },
      make(
        "div",
        { class: "brand" },
        make("h1", {}, PAGE.title),
        make("span", { class: "brand-line" }, PAGE.subtitle, " · ", this.bot),
      ),
      this.fold,
      this.finder,
      this.chips,
      make("div", { class: "tray" }, app.clock.element, actions),
    );
  }

  // Where there are many phones, one is found by its name.
  buildFinder() {
    const field = make("input", {
      type: "search",
      placeholder: PAGE.find,
      "aria-label": PAGE.find,
      dir: "auto",
      oninput: () => this.find(field.value),
    });
    const all = make("button", { type: "button", onclick: () => this.app.showAll() }, PAGE.showAll);
    return make("div", { class: "finder", hidden: true }, field, all);
  }

  find(text) {
    const wanted = text.trim().toLowerCase();
    for (const phone of this.app.phones.values())
      phone.chip.hidden = !phone.name.toLowerCase().includes(wanted);
  }

  count(phones) {
    this.finder.hidden = phones <= MANY;
  }

  toggle(wanted) {
    const open = this.element.classList.toggle("open", wanted);
    this.fold.setAttribute("aria-expanded", String(open));
  }

  name({ username }) {
    this.bot.textContent = username ? `@${username}` : "";
  }

  async save() {
    try {
      const text = await fetchFile(
        `/control/transcript?people=${this.app.shownPeople().join(",")}`,
      );
      if (!text) return this.app.announce(PAGE.noTranscript, "error");
      saveAs(text, "transcript.txt");
    } catch (error) {
      this.app.announce(error.message, "error");
    }
    return undefined;
  }

  adder() {
    return make(
      "button",
      { type: "button", class: "main-button", onclick: () => this.askPerson() },
      PAGE.addPerson,
    );
  }

  askPerson() {
    const groups = this.app.world.groups();
    const languages = Object.entries(LANGUAGES).map(([code, name]) =>
      make("option", { value: code }, `${name} · ${code}`),
    );
    askSheet(
      PAGE.addPerson,
      [
        labelled(PAGE.firstName, wordField("first_name", { required: true, maxlength: 64 })),
        labelled(
          `${PAGE.lastName} (${PAGE.optional})`,
          wordField("last_name", { maxlength: 64 }),
        ),
        labelled(PAGE.language, make("select", { name: "language_code" }, languages)),
        labelled(
          `${PAGE.phone} (${PAGE.optional})`,
          wordField("phone", { type: "tel", dir: "ltr" }),
        ),
        groups.length > 0 &&
          labelled(
            PAGE.joinGroup,
            make(
              "select",
              { name: "group" },
              make("option", { value: "" }, PAGE.noGroup),
              groups.map((group) => make("option", { value: group.id }, group.title)),
            ),
          ),
      ],
      async (form) => {
        const names = ["first_name", "last_name", "language_code", "phone"];
        const given = names.filter((name) => form.get(name)).map((name) => [name, form.get(name)]);
        const person = await tell("person", Object.fromEntries(given));
        if (form.get("group"))
          await tell("join", { person: person.id, chat: Number(form.get("group")) });
        this.app.expect(`person${person.id}`);
      },
    );
  }

  askGroup() {
    const people = [...this.app.world.people.values()].map((person) =>
      make(
        "label",
        { class: "check" },
        make("input", { type: "checkbox", name: "member", value: person.id }),
        make("span", { dir: "auto" }, fullName(person)),
      ),
    );
    askSheet(
      PAGE.addGroup,
      [
        labelled(PAGE.groupTitle, wordField("title", { required: true, maxlength: 128 })),
        make("fieldset", {}, make("legend", {}, PAGE.members), people),
        make(
          "label",
          { class: "check" },
          make("input", { type: "checkbox", name: "forum" }),
          PAGE.forum,
        ),
        make(
          "label",
          { class: "check" },
          make("input", { type: "checkbox", name: "basic" }),
          PAGE.basic,
        ),
      ],
      async (form) => {
        const members = form.getAll("member").map(Number);
        const group = await tell("group", {
          title: form.get("title"),
          members,
          forum: form.has("forum"),
          basic: form.has("basic"),
        });
        this.app.expect(`group${group.id}`);
      },
    );
  }
}
