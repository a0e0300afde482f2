import { describe, expect, it } from 'vitest';
import { describeNonMedia } from '../../services/media-sniffer.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('is certainly no video:', () => {
  it.each<[string, string | Buffer]>([
    ['an image (JPEG)', latin1('\xff\xd8\xff\xe0\0\x10JFIF\0')],
    ['an image (PNG)', latin1('\x89PNG\r\n\x1a\n')],
    ['an image (GIF)', 'GIF89a\x01\0'],
    ['an image (WebP)', latin1('RIFF\x24\0\0\0WEBPVP8 ')],
    ['an image (TIFF)', 'II*\0\x08\0\0\0'],
    ['an image (TIFF)', 'MM\0*\0\0\0\x08'],
    ['an image (HEIF)', '\0\0\0\x18ftypheic\0\0\0\0'],
    ['an image (HEIF)', '\0\0\0\x1cftypavif\0\0\0\0'],
    ['an image (BMP)', latin1('BM\x36\x10\x0e\0\0\0\0\0')],
    ['a PDF document', '%PDF-1.7\n'],
    ['a ZIP archive', 'PK\x03\x04\x14\0'],
    ['a gzip archive', latin1('\x1f\x8b\x08\0')],
    ['a playlist (HLS)', '#EXTM3U\n#EXT-X-VERSION:3\n'],
    ['a playlist (HLS)', '\ufeff#EXTM3U\n'],
    ['a playlist (DASH)', '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011">'],
    ['a web page (text/html)', '<!DOCTYPE html><html>'],
    ['a web page (text/html)', '\n  <html lang="en">'],
    ['a web page (text/html)', '<!-- saved -->\n<head>'],
    ['a web page (text/html)', '\ufeff<!doctype HTML>'],
    ['an XML document', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'],
    ['an XML document', '<svg xmlns="http://www.w3.org/2000/svg">'],
    ['JSON', '{"error": "not found"}'],
    ['JSON', '  [1, 2]'],
    ['text', 'version https://git-lfs.github.com/spec/v1\n'],
    ['text', 'ffconcat version 1.0\nfile http://169.254.169.254/\n'],
    ['text', '1\n00:00:01,000 --> 00:00:02,000\nGrüße\n'],
    ['text', `${'x'.repeat(1023)}ü, whose second byte is not in the sample`],
  ])('%s', (says, bytes) => {
    expect(describeNonMedia(Buffer.from(bytes))).toBe(says);
  });
});

describe('may be a video:', () => {
  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(1024)],
    ['MP4', latin1('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41')],
    ['QuickTime', latin1('\0\0\0\x14ftypqt  \0\0\0\0qt  ')],
    ['Matroska', latin1('\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01')],
    ['transport stream', latin1(`\x47\x40\x11\x10\0B\xf0\x25${'\xff'.repeat(180)}`)],
    ['AVI', latin1('RIFF\x24\0\0\0AVI LIST')],
    ['WAV', latin1('RIFF\x24\0\0\0WAVEfmt ')],
    ['Ogg', latin1('OggS\0\x02\0\0')],
    ['FLV', latin1('FLV\x01\x05\0\0\0\x09')],
    ['MP3', latin1('ID3\x04\0\0\0\0')],
    ['Y4M', Buffer.concat([latin1('YUV4MPEG2 W320 H180 F25:1\nFRAME\n'), Buffer.alloc(1000, 0x50)])],
    ['random bytes', latin1('\x93\x11\x02\xf3\x9c\x80\x01\xfe')],
    ['text with a control character', latin1('abc\x01def')],
    ['text in another encoding', latin1('Gr\xfc\xdfe')],
  ])('%s', (_, bytes) => {
    expect(describeNonMedia(bytes)).toBeUndefined();
  });
});
