// Sofia's clock in the bar, and the hand that moves it.

import { tell } from "./api.js";
import { iconButton, make } from "./dom.js";
import { momentOf, sofia, tomorrowAtTen, wall } from "./time.js";
import { PAGE } from "./words.js";

const SHOWN = {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
};

export class Clock {
  constructor(announce) {
    this.announce = announce;
    this.set(new Date().toISOString());
    this.face = make("time", { class: "face" });
    this.sign = make("span", { class: "moving", hidden: true });
    this.field = make("input", {
      type: "datetime-local",
      "aria-label": PAGE.moment,
      oninput: () => {
        this.isTouched = true;
      },
    });
    const form = this.form();
    const hands = [
      make("button", { type: "button", onclick: () => this.move({ by: 3600 }) }, PAGE.hour),
      make(
        "button",
        {
          type: "button",
          onclick: () => this.move({ to: tomorrowAtTen(this.now()).toISOString() }),
        },
        PAGE.tomorrow,
      ),
    ];
    this.holder = iconButton("pause", PAGE.hold, () => this.hold(), {
      class: "toggle",
      "aria-pressed": "false",
    });
    this.buttons = [...hands, this.go, this.holder];
    this.element = make(
      "section",
      { class: "clock", "aria-label": PAGE.clock },
      make("div", { class: "clock-face" }, this.face, this.sign),
      make("div", { class: "clock-hands" }, hands, form, this.holder),
    );
    setInterval(() => this.tick(), 1000);
    this.tick();
  }

  form() {
    this.go = make("button", {}, PAGE.go);
    const submit = (event) => {
      event.preventDefault();
      if (this.field.value) this.move({ to: momentOf(this.field.value).toISOString() });
      else this.announce(PAGE.badMoment, "error");
    };
    return make("form", { onsubmit: submit }, this.field, this.go);
  }

  set(now) {
    this.base = Date.parse(now);
    this.heardAt = performance.now();
  }

  now() {
    return new Date(this.base + (this.isFrozen ? 0 : performance.now() - this.heardAt));
  }

  tick() {
    const now = this.now();
    this.face.textContent = sofia(now, "en-GB", SHOWN);
    this.face.dateTime = now.toISOString();
    if (!this.isTouched && document.activeElement !== this.field) this.field.value = wall(now);
  }

  heard({ now, moving, frozen = this.isFrozen }) {
    this.isFrozen = frozen;
    this.set(now);
    this.showMoving(Boolean(moving));
    this.tick();
  }

  async hold() {
    try {
      await tell("clock", { frozen: !this.isFrozen }); // the town then tells all its pages
    } catch (error) {
      this.announce(error.message, "error");
    }
  }

  showMoving(moving) {
    this.holder.setAttribute("aria-pressed", String(Boolean(this.isFrozen)));
    this.sign.hidden = !moving && !this.isFrozen;
    this.sign.textContent = moving ? PAGE.moving : PAGE.frozen;
    this.element.setAttribute("aria-busy", String(moving));
    for (const button of this.buttons) button.disabled = moving;
  }

  async move(wish) {
    const before = document.activeElement;
    this.showMoving(true);
    this.announce(PAGE.moving);
    try {
      const { now } = await tell("clock", wish);
      this.set(now);
      this.isTouched = false;
      this.announce(sofia(this.now(), "en-GB", SHOWN));
    } catch (error) {
      this.announce(error.message, "error");
    }
    this.showMoving(false);
    this.tick();
    before?.focus();
  }
}
