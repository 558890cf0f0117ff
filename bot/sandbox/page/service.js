// What happened in a chat besides talk: somebody came, a topic was opened, the group grew.

import { fullName } from "./world.js";

const joined = (people) => people.map(fullName).join(", ");

// Each line: the key of a message, and what is said of its value.
const LINES = {
  new_chat_members: (people, { words }) => `${joined(people)} · ${words.joined}`,
  left_chat_member: (person, { words }) => `${fullName(person)} · ${words.left}`,
  forum_topic_created: ({ name }, { words }) => `${words.topicOpened}: ${name}`,
  forum_topic_edited: ({ name }, { words }) =>
    name ? `${words.topicRenamed}: ${name}` : words.topicRenamed,
  forum_topic_closed: (_, { words }) => words.topicClosed,
  forum_topic_reopened: (_, { words }) => words.topicReopened,
  general_forum_topic_hidden: (_, { words }) => `${words.topicClosed}: ${words.general}`,
  general_forum_topic_unhidden: (_, { words }) => `${words.topicReopened}: ${words.general}`,
  migrate_to_chat_id: (_, { words }) => words.upgraded,
  migrate_from_chat_id: (_, { words }) => words.upgraded,
  new_chat_title: (title, { words }) => `${words.retitled}: ${title}`,
  group_chat_created: (_, { words }) => words.created,
  supergroup_chat_created: (_, { words }) => words.created,
};

// A sentence for a message that is no talk; null for one that is.
export function serviceText(message, phone, says) {
  const pinned = message.pinned_message;
  if (pinned)
    return `${says.nameOf(message, phone)} ${phone.words.pinned}: ${says.snippet(pinned, phone)}`;
  const key = Object.keys(LINES).find((name) => name in message);
  return key ? LINES[key](message[key], phone) : null;
}
