/** What an element holds: text, elements by name, or the same element several times. `undefined` is left out. */
export type XmlContent =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlContent[]
  | { readonly [name: string]: XmlContent };

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** One of S3's answers. Its errors alone have no name space. */
export function xmlDocument(root: string, content: XmlContent): string {
  const namespace = root === 'Error' ? '' : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return `${declaration}<${root}${namespace}>${xmlOf(content)}</${root}>`;
}

function xmlOf(content: XmlContent): string {
  if (content === undefined) return '';
  if (typeof content !== 'object') return escapeText(String(content));
  return Object.entries(content)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((each) => elementOf(name, each)))
    .join('');
}

function elementOf(name: string, content: XmlContent): string {
  return content === undefined ? '' : `<${name}>${xmlOf(content)}</${name}>`;
}

/** Keys may hold control characters: S3 writes them as references, although XML 1.0 allows no such thing. */
function escapeText(text: string): string {
  return text.replace(/[&<>"\p{Cc}\ufffe\uffff]/gu, (each) => `&#${each.charCodeAt(0)};`);
}
