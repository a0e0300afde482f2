/** An element that was read. Its attributes are passed over. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** What stands right in it, without the text of its children. */
  readonly text: string;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** A declaration or a comment; a tag; or text. */
const token = /<\?.*?\?>|<!--.*?-->|<(\/?)([\w:.-]+)(?:\s[^<>]*?)?(\/?)>|([^<]+)/gsy;

/**
 * Reads the documents that clients send.
 *
 * @returns the root, or undefined when the document is not well-formed or has a DOCTYPE or CDATA, which no client sends
 */
export function parseXml(document: string): XmlElement | undefined {
  const top: OpenElement = { name: '', children: [], text: '' };
  const parents: OpenElement[] = [];
  let current = top;
  let end = 0;
  for (const [all, closing, name, empty, text = ''] of document.matchAll(token)) {
    end += all.length;
    current.text += unescapeText(text);
    if (name === undefined) continue;
    if (closing === '/') {
      const parent = parents.pop();
      if (parent === undefined || name !== current.name) return undefined;
      current = parent;
      continue;
    }
    const element: OpenElement = { name, children: [], text: '' };
    current.children.push(element);
    if (empty === '/') continue;
    parents.push(current);
    current = element;
  }
  const isWhole = end === document.length && current === top && top.text.trim() === '';
  return isWhole && top.children.length === 1 ? top.children[0] : undefined;
}

/** The text of the first child of that name. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeText(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return entities[name] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
