/** A part of a document that a program writes. */
export interface DocumentSection {
  /** Of the document, for messages. */
  readonly path: string;
  /** The lines between which it stands. */
  readonly begin: string;
  readonly end: string;
}

/** A document with other text in one of its sections. @throws Error where it has no such section */
export function withSection(document: string, { path, begin, end }: DocumentSection, text: string): string {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no lines "${begin}" and "${end}".`);
  return `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`;
}
