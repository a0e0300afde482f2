import { describe, expect, it } from 'vitest';
import { assertAllowedUrl, ForbiddenAddressError, isPublicAddress } from '../../services/address-guard.ts';

const guarded = { allowPrivateHosts: false };
const open = { allowPrivateHosts: true };

describe('an address is public', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '93.184.215.14',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.255.255',
    '198.17.255.255',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:80b::200e',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
  ])('%s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('an address is not public', () => {
  it.each([
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private', '10.0.0.1'],
    ['private', '10.255.255.255'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.0.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['carrier-grade NAT', '100.127.255.255'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['link-local', '169.254.0.1'],
    ['EC2 metadata', '169.254.169.254'],
    ['ECS task metadata', '169.254.170.2'],
    ["Alibaba's metadata", '100.100.100.200'],
    ["Oracle's metadata", '192.0.0.192'],
    ['protocol assignments', '192.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['6to4 relay', '192.88.99.1'],
    ['benchmarking', '198.18.0.1'],
    ['benchmarking', '198.19.255.255'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['IPv4-compatible loopback', '::127.0.0.1'],
    ['IPv4-compatible in hexadecimal', '::7f00:1'],
    ['IPv4-compatible in hexadecimal', '::808:808'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped loopback in hexadecimal', '::ffff:7f00:1'],
    ['mapped metadata', '::ffff:169.254.169.254'],
    ['mapped private', '::ffff:10.0.0.1'],
    ['translated loopback', '::ffff:0:127.0.0.1'],
    ['NAT64 of loopback', '64:ff9b::127.0.0.1'],
    ['NAT64 of metadata', '64:ff9b::a9fe:a9fe'],
    ['NAT64 of a private network', '64:ff9b:1::10.0.0.1'],
    ['6to4 of loopback', '2002:7f00:1::1'],
    ['6to4 of a public address', '2002:808:808::1'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['ORCHID', '2001:20::1'],
    ['benchmarking', '2001:2::1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['unique local', 'fc00::1'],
    ['unique local', 'fd12:3456:789a::1'],
    ['EC2 metadata', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['discard', '100::1'],
    ['segment routing', '5f00::1'],
    ['not yet assigned', '4000::1'],
    ['no address', 'example.com'],
    ['nothing', ''],
  ])('%s: %s', (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('a URL may be used', () => {
  it.each<[string, string]>([
    ['http://example.com/in.mp4', 'example.com'],
    ['HTTPS://EXAMPLE.COM:8443/in.mp4?X-Amz-Signature=1', 'example.com'],
    ['https://8.8.8.8/', '8.8.8.8'],
    ['https://[2606:4700:4700::1111]/', '[2606:4700:4700::1111]'],
    ['http://127.0.0.1.example.com/', '127.0.0.1.example.com'],
    ['http://localhost/', 'localhost'],
  ])('%s, whose name is looked at when it is connected to', (url, hostname) => {
    expect(assertAllowedUrl(url, guarded).hostname).toBe(hostname);
  });

  it.each(['http://127.0.0.1:9000/', 'http://[::1]/', 'http://169.254.169.254/'])(
    '%s, where private hosts are allowed',
    (url) => {
      expect(assertAllowedUrl(url, open).href).toBe(url);
    },
  );
});

describe('a URL may not be used', () => {
  const scheme = 'The URL must be absolute and start with http:// or https://.';
  const user = 'The URL must not hold a user name or a password; use a presigned URL.';
  const at = (host: string) =>
    `${host} is at a private, local or reserved address, and such addresses are refused; use a public URL.`;

  it.each([
    ['http://127.0.0.1/', at('127.0.0.1')],
    ['http://127.0.0.1./', at('127.0.0.1')],
    ['http://127.1/', at('127.0.0.1')],
    ['http://127.0.1/', at('127.0.0.1')],
    ['http://2130706433/', at('127.0.0.1')],
    ['http://017700000001/', at('127.0.0.1')],
    ['http://0177.0.0.1/', at('127.0.0.1')],
    ['http://0x7f000001/', at('127.0.0.1')],
    ['http://0X7F.0.0.1/', at('127.0.0.1')],
    ['http://0/', at('0.0.0.0')],
    ['http://１２７.０.０.１/', at('127.0.0.1')],
    ['http://①②⑦.0.0.1/', at('127.0.0.1')],
    ['http://127。0。0。1/', at('127.0.0.1')],
    ['http://%31%32%37.0.0.1/', at('127.0.0.1')],
    ['http:\\\\127.0.0.1\\', at('127.0.0.1')],
    ['http:/127.0.0.1/', at('127.0.0.1')],
    ['http://10.0.0.1:8080/', at('10.0.0.1')],
    ['http://169.254.169.254/latest/meta-data/', at('169.254.169.254')],
    ['http://2852039166/', at('169.254.169.254')],
    ['http://0xa9.0xfe.0xa9.0xfe/', at('169.254.169.254')],
    ['http://[::1]/', at('[::1]')],
    ['http://[0:0:0:0:0:0:0:1]/', at('[::1]')],
    ['http://[::ffff:127.0.0.1]/', at('[::ffff:7f00:1]')],
    ['http://[64:ff9b::127.0.0.1]/', at('[64:ff9b::7f00:1]')],
    ['http://[FD00:EC2::254]/', at('[fd00:ec2::254]')],
    ['http://user:secret@example.com/', user],
    ['http://user@example.com/', user],
    ['http://example.com@127.0.0.1/', user],
    ['http://:secret@example.com/', user],
    ['file:///etc/passwd', scheme],
    ['ftp://example.com/in.mp4', scheme],
    ['gopher://example.com/', scheme],
    ['data:video/mp4,x', scheme],
    ['s3://bucket/key', scheme],
    ['javascript:alert(1)', scheme],
    ['//example.com/', scheme],
    ['example.com', scheme],
    ['http://', scheme],
    ['http://256.256.256.256/', scheme],
    ['http://[fe80::1%25eth0]/', scheme],
    ['', scheme],
  ])('%s', (url, message) => {
    const use = () => assertAllowedUrl(url, guarded);
    expect(use).toThrow(ForbiddenAddressError);
    expect(use).toThrow(message);
  });

  it.each(['http://user@127.0.0.1/', 'file:///etc/passwd'])(
    '%s, even where private hosts are allowed',
    (url) => {
      expect(() => assertAllowedUrl(url, open)).toThrow(ForbiddenAddressError);
    },
  );
});
