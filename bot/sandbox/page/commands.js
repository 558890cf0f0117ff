// Which commands a person sees in a chat: the narrowest scope wins, then the person's language.

function scopesOf(phone) {
  const here = { chat_id: phone.chatId };
  if (!phone.isGroup)
    return [{ type: "chat", ...here }, { type: "all_private_chats" }, { type: "default" }];
  const administrator = phone.isAdministrator();
  return [
    { type: "chat_member", ...here, user_id: phone.person.id },
    administrator && { type: "chat_administrators", ...here },
    { type: "chat", ...here },
    administrator && { type: "all_chat_administrators" },
    { type: "all_group_chats" },
    { type: "default" },
  ].filter(Boolean);
}

function isSame(wanted, scope) {
  return Object.entries(wanted).every(
    ([key, value]) => String(scope?.[key] ?? "default") === String(value),
  );
}

export function commandsFor(phone) {
  const language = phone.person.language_code?.split("-")[0] ?? "";
  for (const scope of scopesOf(phone)) {
    for (const code of [language, ""]) {
      const found = phone.world.commands.find(
        (set) => isSame(scope, set.scope) && (set.language_code ?? "") === code,
      );
      if (found?.commands.length) return found.commands;
    }
  }
  return [];
}
