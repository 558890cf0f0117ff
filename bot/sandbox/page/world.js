// What the page knows of the town, kept up to date by the stream of events.

import { ask, follow } from "./api.js";

const KEPT_CALLS = 200;

export class World {
  constructor() {
    this.listeners = new Set();
    this.clear();
  }

  clear() {
    this.bot = { id: 0, name: "", username: "", description: "" };
    this.people = new Map();
    this.chats = new Map();
    this.messages = new Map();
    this.commands = [];
    this.calls = [];
    this.methods = [];
  }

  listen(listener) {
    this.listeners.add(listener);
  }

  say(name, data = {}) {
    for (const listener of this.listeners) listener(name, data);
  }

  // Events that arrive while the state is being read are kept and told after it.
  start() {
    let early = null;
    const tell = (name, data) => {
      this.apply(name, data);
      this.say(name, data);
    };
    const begin = async () => {
      early = [];
      try {
        this.read(await ask("state"));
      } catch {
        early = null;
        this.say("lost");
        setTimeout(begin, 2000);
        return;
      }
      this.say("ready");
      const waited = early;
      early = null;
      waited.forEach(([name, data]) => tell(name, data));
    };
    follow({
      onLost: () => this.say("lost"),
      onEvent: (name, data) => {
        if (name === "hello") begin();
        else if (early) early.push([name, data]);
        else tell(name, data);
      },
    });
  }

  read(state) {
    this.clear();
    this.now = state.now;
    this.isFrozen = state.frozen;
    this.bot = state.bot;
    this.commands = state.commands;
    this.calls = state.calls;
    this.methods = state.methods;
    for (const person of state.people) this.people.set(person.id, person);
    for (const chat of state.chats) this.chats.set(chat.id, chat);
    for (const [chat, messages] of Object.entries(state.messages)) {
      for (const message of messages) this.keep(Number(chat), message);
    }
  }

  keep(chat, message) {
    if (!this.messages.has(chat)) this.messages.set(chat, new Map());
    this.messages.get(chat).set(message.message_id, message);
  }

  apply(name, data) {
    if (name === "message" || name === "edited") this.keep(data.chat_id, data.message);
    if (name === "deleted")
      data.message_ids.forEach((id) => this.messages.get(data.chat_id)?.delete(id));
    if (name === "person") this.people.set(data.person.id, data.person);
    if (name === "chat") this.chats.set(data.chat.id, data.chat);
    if (name === "commands") Object.assign(this, { commands: data.commands, bot: data.bot });
    if (name === "call") this.calls = [...this.calls, data].slice(-KEPT_CALLS);
  }

  messagesOf(chat) {
    return [...(this.messages.get(chat)?.values() ?? [])].sort(
      (a, b) => a.message_id - b.message_id,
    );
  }

  nameOfChat(id) {
    const chat = this.chats.get(id);
    return chat?.title ?? (fullName(chat) || String(id));
  }

  groups() {
    return [...this.chats.values()].filter((chat) => chat.type !== "private");
  }

  staff() {
    return new Set(this.groups().flatMap((group) => group.members));
  }
}

export function fullName(person) {
  return [person?.first_name, person?.last_name].filter(Boolean).join(" ");
}
