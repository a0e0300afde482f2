import { expect, it } from 'vitest';
import { looksLikeMedia } from '../../services/media-signature.ts';

/** @param marks texts by their offsets */
function bytesWith(marks: Record<number, string>, length = 256): Buffer {
  const bytes = Buffer.alloc(length, 'x');
  for (const [offset, text] of Object.entries(marks)) bytes.write(text, Number(offset), 'latin1');
  return bytes;
}

it.each<[string, Buffer]>([
  ['MP4', bytesWith({ 4: 'ftypisom' })],
  ['old QuickTime', bytesWith({ 4: 'moov' })],
  ['QuickTime with its data first', bytesWith({ 4: 'wide' })],
  ['a piece of a stream', bytesWith({ 4: 'styp' })],
  ['Matroska', bytesWith({ 0: '\x1a\x45\xdf\xa3' })],
  ['MPEG-TS', bytesWith({ 0: 'G', 188: 'G' })],
  ['M2TS', bytesWith({ 4: 'G', 196: 'G' })],
  ['MPEG-PS', bytesWith({ 0: '\x00\x00\x01\xba' })],
  ['AVI', bytesWith({ 0: 'RIFF', 8: 'AVI LIST' })],
  ['FLV', bytesWith({ 0: 'FLV\x01' })],
  ['ASF', bytesWith({ 0: '\x30\x26\xb2\x75' })],
  ['Ogg', bytesWith({ 0: 'OggS' })],
  ['MXF', bytesWith({ 0: '\x06\x0e\x2b\x34' })],
  ['MP4 of which there is little', bytesWith({ 4: 'ftyp' }, 8)],
])('knows %s', (_, bytes) => {
  expect(looksLikeMedia(bytes)).toBe(true);
});

it.each<[string, Buffer]>([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('G is a letter, and there is more of it. '.repeat(9))],
  ['WAV, which begins as AVI does', bytesWith({ 0: 'RIFF', 8: 'WAVE' })],
  ['a web page', Buffer.from('<!doctype html><title>ftyp</title>')],
  ['a mark in another place', bytesWith({ 5: 'ftyp' })],
  ['a sync byte alone', bytesWith({ 0: 'G' })],
  ['a mark that was cut off', bytesWith({ 4: 'fty' }, 7)],
])('does not know %s', (_, bytes) => {
  expect(looksLikeMedia(bytes)).toBe(false);
});
