// Speaks with the control interface: questions, wishes, and the stream of what happens.

const EVENTS = [
  "hello",
  "message",
  "edited",
  "deleted",
  "popup",
  "action",
  "person",
  "chat",
  "clock",
  "call",
  "commands",
];
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8000;

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || `${response.status} ${response.statusText}`);
  return body;
}

export async function ask(path) {
  return answer(await fetch(`/control/${path}`, { cache: "no-store" }));
}

export async function tell(path, body) {
  return answer(
    await fetch(`/control/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  );
}

// Where the sandbox keeps a photo, a voice or a document.
export function fileAddress(file) {
  return `/control/file/${encodeURIComponent(file.file_id)}`;
}

// The content at this address, or null if there is none.
export async function fetchFile(address) {
  const response = await fetch(address);
  return response.ok ? response.blob() : null;
}

// Follows the stream for ever; says when it is lost, and begins again.
export function follow({ onEvent, onLost }) {
  let pause = FIRST_PAUSE;
  const open = () => {
    const source = new EventSource("/control/events");
    for (const name of EVENTS) {
      source.addEventListener(name, (event) => {
        pause = FIRST_PAUSE;
        onEvent(name, JSON.parse(event.data));
      });
    }
    source.onerror = () => {
      source.close();
      onLost();
      setTimeout(open, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    };
  };
  open();
}
