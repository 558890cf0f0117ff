// The list of Bot API calls under the phones, errors marked, and the methods on offer.

import { make } from "./dom.js";
import { sofia } from "./time.js";
import { PAGE } from "./words.js";

const KEPT = 200;
const SHOWN = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };

export class Calls {
  constructor(nameOfChat) {
    this.nameOfChat = nameOfChat;
    this.refused = new Map();
    this.count = make("span", { class: "count" });
    this.errors = make("span", { class: "count error" });
    this.list = make("ol", { class: "call-list", tabindex: 0, "aria-label": PAGE.calls });
    this.refusals = make("ul", { class: "refusals" });
    this.methods = make("ul", { class: "methods" });
    const filter = make("input", {
      type: "checkbox",
      onchange: () => this.list.classList.toggle("only-errors", filter.checked),
    });
    this.refusedPart = part(PAGE.refused, this.refusals);
    const details = make(
      "details",
      { class: "calls" },
      make("summary", {}, PAGE.calls, " ", this.count, " ", this.errors),
      make("label", { class: "filter" }, filter, ` ${PAGE.onlyErrors}`),
      this.list,
      this.refusedPart,
      part(PAGE.methods, this.methods),
    );
    this.element = make("section", { class: "calls-frame", "aria-label": PAGE.calls }, details);
  }

  fill(calls, methods) {
    this.refused.clear();
    for (const call of calls) this.countRefusal(call);
    this.list.replaceChildren(...[...calls].reverse().map((call) => this.draw(call)));
    this.methods.replaceChildren(
      ...[...methods].sort().map((name) => make("li", {}, make("code", {}, name))),
    );
    this.total = calls.length;
    this.tell();
  }

  add(call) {
    this.list.prepend(this.draw(call));
    if (this.list.children.length > KEPT) this.list.lastElementChild.remove();
    this.total += 1;
    this.countRefusal(call);
    this.tell();
  }

  countRefusal({ ok, method, error_code: code, description }) {
    if (ok) return;
    const key = `${method}: ${code} ${description}`;
    this.refused.set(key, { method, words: `${code} ${description}`, times: this.times(key) + 1 });
  }

  times(key) {
    return this.refused.get(key)?.times ?? 0;
  }

  tell() {
    const refused = [...this.refused.values()];
    const wrong = refused.reduce((sum, { times }) => sum + times, 0);
    this.count.textContent = this.total ? String(this.total) : PAGE.noCalls;
    this.errors.hidden = !wrong;
    this.errors.textContent = `${wrong} ${PAGE.callError}`;
    this.refusedPart.hidden = !wrong;
    if (wrong) this.refusals.replaceChildren(...refused.map(drawRefusal));
  }

  draw(call) {
    const verdict = call.ok ? "ok" : `${PAGE.callError} ${call.error_code}: ${call.description}`;
    const where =
      call.chat_id != null &&
      make("bdi", { class: "where", title: call.chat_id }, this.nameOfChat(Number(call.chat_id)));
    return make(
      "li",
      { class: call.ok ? "right" : "wrong" },
      make("time", { datetime: call.at }, sofia(new Date(call.at), "en-GB", SHOWN)),
      make("code", {}, call.method),
      where,
      make("span", { class: "verdict" }, verdict),
    );
  }
}

function part(title, content) {
  return make("details", { class: "offered" }, make("summary", {}, title), content);
}

function drawRefusal({ method, words, times }) {
  const count = make("span", { class: "count" }, `× ${times}`);
  return make("li", {}, make("code", {}, method), ` ${words} `, count);
}
