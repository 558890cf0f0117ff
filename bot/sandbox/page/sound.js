// A voice message: one button, one line to move along, the time.

import { fetchFile } from "./api.js";
import { icon, make } from "./dom.js";

let playing = null; // one sound at a time, whatever the phone

function length(seconds) {
  const whole = Math.max(0, Math.round(seconds || 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

class Sound {
  constructor(file, address, title, words) {
    this.words = words;
    this.told = file.duration ?? 0;
    this.address = address;
    this.player = make("audio", { preload: "none" });
    this.button = make(
      "button",
      { type: "button", class: "play", "aria-label": `${words.play}: ${title}` },
      icon("play"),
    );
    this.title = title;
    this.line = make("input", {
      type: "range",
      class: "line-of-time",
      min: 0,
      max: Math.max(1, this.told),
      value: 0,
      step: 0.1,
      dir: "ltr",
      "aria-label": words.position,
    });
    this.time = make("span", { class: "length", dir: "ltr" });
    this.element = make("div", { class: "sound" }, this.button, this.line, this.time, this.player);
    this.listen();
    this.draw();
  }

  listen() {
    const { player } = this;
    this.button.addEventListener("click", () => this.toggle());
    this.line.addEventListener("input", () => {
      const wanted = Number(this.line.value);
      this.load().then(() => {
        player.currentTime = wanted;
      });
    });
    for (const name of ["play", "pause", "timeupdate", "durationchange", "ended"])
      player.addEventListener(name, () => this.draw());
    player.addEventListener("error", () => this.element.classList.add("silent"));
  }

  get duration() {
    const { duration } = this.player;
    return Number.isFinite(duration) ? duration : this.told;
  }

  async toggle() {
    if (!this.player.paused) return this.player.pause();
    if (playing !== this.player) playing?.pause();
    playing = this.player;
    await this.load();
    return this.player.play().catch(() => this.element.classList.add("silent"));
  }

  // As a whole, so that one can move along it.
  async load() {
    if (this.player.src) return;
    const content = await fetchFile(this.address);
    if (content) this.player.src = URL.createObjectURL(content);
  }

  draw() {
    const { player, words } = this;
    const now = player.currentTime;
    const name = player.paused ? "play" : "pause";
    this.button.setAttribute("aria-label", `${words[name]}: ${this.title}`);
    this.button.replaceChildren(icon(name));
    this.line.max = Math.max(1, this.duration);
    this.line.value = now;
    this.line.setAttribute("aria-valuetext", `${length(now)} / ${length(this.duration)}`);
    this.time.textContent = length(player.paused && !now ? this.duration : now);
  }
}

export function drawSound(file, address, title, words) {
  return new Sound(file, address, title, words).element;
}
