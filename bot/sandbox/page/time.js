// Sofia's time: shown, ticking, and turned back into a moment of the world.

const ZONE = "Europe/Sofia";

export function sofia(moment, language, options) {
  return new Intl.DateTimeFormat([language, "en"], { timeZone: ZONE, ...options }).format(moment);
}

export function hour(seconds, language) {
  return sofia(new Date(seconds * 1000), language, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

export function day(seconds, language) {
  return sofia(new Date(seconds * 1000), language, {
    weekday: "long",
    day: "numeric",
    month: "long",
  });
}

// "2026-11-03T10:00", as a date-time field writes it.
export function wall(moment) {
  return sofia(moment, "sv", { dateStyle: "short", timeStyle: "short" }).replace(" ", "T");
}

// The moment at which Sofia's clocks show this; the second look is for the days clocks change.
export function momentOf(text) {
  const shown = Date.parse(`${text}Z`);
  let moment = shown;
  for (let look = 0; look < 2; look += 1)
    moment += shown - Date.parse(`${wall(new Date(moment))}Z`);
  return new Date(moment);
}

export function tomorrowAtTen(now) {
  const tomorrow = new Date(Date.parse(`${wall(now).slice(0, 10)}T00:00Z`) + 86_400_000);
  return momentOf(`${tomorrow.toISOString().slice(0, 10)}T10:00`);
}
