import { describe, expect, it } from 'vitest';
import { childText, parseXml } from '../../../local/s3/parse-xml.ts';
import { xmlDocument } from '../../../local/s3/xml.ts';

const element = (name: string, text = '', children: unknown[] = []) => ({ name, text, children });

describe('reading', () => {
  it.each<[string, string, unknown]>([
    ['a declaration and a comment', '<?xml version="1.0"?>\n<!-- > -->\n<a>x</a>\n', element('a', 'x')],
    ['attributes', '<a xmlns="http://x/" b=\'1\'><b c="2"/></a>', element('a', '', [element('b')])],
    ['an empty element', '<a/>', element('a')],
    ['an empty element with room', '<a />', element('a')],
    ['entities', '<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F3AC;</a>', element('a', '<>&"\'A🎬')],
    ['entities once', '<a>&amp;lt;</a>', element('a', '&lt;')],
    ['unknown entities', '<a>&x;&#x110000;</a>', element('a', '&x;&#x110000;')],
    ['children', '<a><b>1</b><b>2</b></a>', element('a', '', [element('b', '1'), element('b', '2')])],
    ['text between children', '<a>\n<b/> x</a>', element('a', '\n x', [element('b')])],
    [
      'names that objects have',
      '<a><constructor>1</constructor></a>',
      element('a', '', [element('constructor', '1')]),
    ],
  ])('knows %s', (_, document, expected) => {
    expect(parseXml(document)).toEqual(expected);
  });

  it.each([
    '',
    'x',
    '<a>',
    '</a>',
    '<a></b>',
    '<a></a></a>',
    '<a/><b/>',
    '<a/>x',
    '<a><b></a></b>',
    '<a',
    '<a><',
    '<a b="<"/>',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<a><![CDATA[x]]></a>',
    '<!-- <a/>',
  ])('refuses %s', (document) => {
    expect(parseXml(document)).toBeUndefined();
  });

  it('finds the text of a child', () => {
    const root = parseXml('<a><b>1</b><c/><b>2</b></a>');
    const texts = ['b', 'c', 'd'].map((name) => root && childText(root, name));
    expect(texts).toEqual(['1', '', undefined]);
  });

  it('takes long documents', () => {
    const parts = '<Part><PartNumber>1</PartNumber></Part>'.repeat(10_000);
    expect(parseXml(`<a>${parts}</a>`)?.children).toHaveLength(10_000);
    expect(parseXml('<a>'.repeat(100_000))).toBeUndefined();
  });
});

describe('writing', () => {
  it('makes elements, lists and text, and leaves out what is not there', () => {
    const content = { A: 'x', B: [{ C: 1 }, { C: true }], D: undefined, E: [], F: '' };
    expect(xmlDocument('Error', content)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><A>x</A><B><C>1</C></B><B><C>true</C></B><F></F></Error>',
    );
  });

  it('makes what can be read again', () => {
    const text = '<&>"\'\r\n\t\u0001é🎬';
    const root = parseXml(xmlDocument('Root', { Key: text }));
    expect(root && childText(root, 'Key')).toBe(text);
  });
});
