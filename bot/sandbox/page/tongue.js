// Which language a text is likely in: a screen reader takes its voice from it.

const SCRIPTS = [
  [/\p{Script=Arabic}/u, ["ar", "fa", "ps", "ur", "ckb", "ug"]],
  [/\p{Script=Cyrillic}/u, ["bg", "ru", "uk"]],
  [/\p{Script=Latin}/u, ["en", "fr", "tr", "de", "es", "so"]],
  [/\p{Script=Hebrew}/u, ["he"]],
];

// Letters that only one of our languages of a script writes; the rarer language stands first.
const LETTERS = [
  [/[ټډړږښڼۍې]/u, "ps"],
  [/[ٹڈڑںےہ]/u, "ur"],
  [/[پچژگیک]/u, "fa"],
  [/[іїєґІЇЄҐ]/u, "uk"],
  [/[ыэёЫЭЁ]/u, "ru"],
];

const LETTER = /\p{L}/u;

// The language of a text as its first letter and its own letters tell, or else the reader's.
export function languageOf(text, reader) {
  const first = LETTER.exec(text ?? "")?.[0];
  const script = first && SCRIPTS.find(([letters]) => letters.test(first));
  if (!script) return reader;
  const own = LETTERS.find(([letters, code]) => script[1].includes(code) && letters.test(text));
  if (own) return own[1];
  return script[1].includes(reader) ? reader : script[1][0];
}
