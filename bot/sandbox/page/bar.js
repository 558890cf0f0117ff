// The bar over the phones: who is shown, the clock, and what can be added or saved.

import { fetchFile, tell } from "./api.js";
import { icon, make, saveAs } from "./dom.js";
import { LANGUAGES, PAGE } from "./words.js";
import { fullName } from "./world.js";

export class Bar {
  constructor(app) {
    this.app = app;
    this.bot = make("span", { class: "bot-name", dir: "auto" });
    this.chips = make("nav", { class: "chips", "aria-label": PAGE.panels });
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
      this.chips,
      make("div", { class: "tray" }, app.clock.element, actions),
    );
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
    ask(
      PAGE.addPerson,
      [
        labelled(
          PAGE.firstName,
          make("input", {
            name: "first_name",
            required: true,
            maxlength: 64,
            dir: "auto",
            autocomplete: "off",
          }),
        ),
        labelled(PAGE.language, make("select", { name: "language_code" }, languages)),
        labelled(
          `${PAGE.phone} (${PAGE.optional})`,
          make("input", { name: "phone", type: "tel", autocomplete: "off" }),
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
        const wish = {
          first_name: form.get("first_name"),
          language_code: form.get("language_code"),
        };
        const person = await tell(
          "person",
          form.get("phone") ? { ...wish, phone: form.get("phone") } : wish,
        );
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
    ask(
      PAGE.addGroup,
      [
        labelled(
          PAGE.groupTitle,
          make("input", {
            name: "title",
            required: true,
            maxlength: 128,
            dir: "auto",
            autocomplete: "off",
          }),
        ),
        make("fieldset", {}, make("legend", {}, PAGE.members), people),
        make(
          "label",
          { class: "check" },
          make("input", { type: "checkbox", name: "forum" }),
          PAGE.forum,
        ),
      ],
      async (form) => {
        const members = form.getAll("member").map(Number);
        const group = await tell("group", {
          title: form.get("title"),
          members,
          forum: form.has("forum"),
        });
        this.app.expect(`group${group.id}`);
      },
    );
  }
}

function labelled(words, field) {
  return make("label", { class: "labelled" }, make("span", {}, words), field);
}

function ask(title, fields, then) {
  const fault = make("p", { class: "fault", role: "alert" });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await then(new FormData(event.target));
      dialog.close();
    } catch (error) {
      fault.textContent = error.message;
    }
  };
  const dialog = make(
    "dialog",
    { class: "sheet", "aria-label": title, onclose: () => dialog.remove() },
    make(
      "form",
      { onsubmit: submit },
      make("h2", {}, title),
      fields,
      fault,
      make(
        "div",
        { class: "sheet-buttons" },
        make("button", { type: "button", onclick: () => dialog.close() }, PAGE.cancel),
        make("button", { class: "main-button" }, PAGE.add),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}
