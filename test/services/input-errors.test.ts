import { describe, expect, it } from 'vitest';
import { OctetError } from '../../domain/errors.ts';
import { ForbiddenAddressError } from '../../services/address-guard.ts';
import { displayUrl, fromNetworkFailure, fromStatus, InputError } from '../../services/input-errors.ts';

const url = new URL('https://media.example.com/in%20put.mp4?X-Amz-Signature=secret#secret');
const shown = 'https://media.example.com/in%20put.mp4';

it('a URL is shown without its query and fragment', () => {
  expect(displayUrl(url)).toBe(shown);
});

describe('a status becomes a sentence, and says whether to try again', () => {
  it.each<[number, boolean, string]>([
    [400, false, 'check the URL'],
    [401, false, 'the URL may have expired or is not public'],
    [403, false, 'the URL may have expired or is not public'],
    [404, false, 'check that the file exists'],
    [405, false, 'check the URL'],
    [408, true, 'check the URL'],
    [410, false, 'check that the file exists'],
    [429, true, 'the server limits requests, try again later'],
    [500, true, 'the server fails, try again later'],
    [503, true, 'the server fails, try again later'],
  ])('%d', (status, transient, advice) => {
    const error = fromStatus(status, url);
    expect(error).toBeInstanceOf(InputError);
    const message = `${shown} answered ${status}: ${advice}.`;
    expect(error).toMatchObject({ code: 'input_unreachable', transient, message });
  });
});

describe('a failure below HTTP becomes a sentence, and says whether to try again', () => {
  it.each<[string, boolean, string]>([
    ['ENOTFOUND', false, 'its host name does not exist, check the URL'],
    ['EAI_AGAIN', true, 'its host name could not be resolved, try again later'],
    ['ECONNREFUSED', true, 'the server refuses connections, check host and port'],
    ['EHOSTUNREACH', true, 'no network path leads to its host'],
    ['ENETUNREACH', true, 'no network path leads to its host'],
    ['ETIMEDOUT', true, 'the server did not answer in time'],
    ['CERT_HAS_EXPIRED', false, 'its TLS certificate or handshake failed'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', false, 'its TLS certificate or handshake failed'],
    ['SELF_SIGNED_CERT_IN_CHAIN', false, 'its TLS certificate or handshake failed'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false, 'its TLS certificate or handshake failed'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', false, 'its TLS certificate or handshake failed'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', false, 'its TLS certificate or handshake failed'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', false, 'its TLS certificate or handshake failed'],
    ['EPROTO', false, 'its TLS certificate or handshake failed'],
    ['HPE_INVALID_CONSTANT', false, 'the server does not answer in HTTP'],
    ['HPE_HEADER_OVERFLOW', false, 'the server does not answer in HTTP'],
    ['ECONNRESET', true, 'the server closed the connection'],
    ['EPIPE', true, 'the server closed the connection'],
    ['', true, 'the server closed the connection'],
  ])('%s', (code, transient, says) => {
    const cause = Object.assign(new Error('inside'), { code });
    const message = `${shown} could not be read: ${says}.`;
    const expected = { code: 'input_unreachable', transient, message };
    expect(fromNetworkFailure(cause, url)).toMatchObject({ ...expected, cause });
    expect(fromNetworkFailure(new TypeError('terminated', { cause }), url)).toMatchObject(expected);
  });

  it.each([undefined, null, 'text', new Error('no code')])('%s', (cause) => {
    expect(fromNetworkFailure(cause, url)).toMatchObject({
      message: `${shown} could not be read: the server closed the connection.`,
      transient: true,
    });
  });
});

it('an error that is a sentence already stays as it is', () => {
  const error = new OctetError('input_changed', 'It changed.');
  expect(fromNetworkFailure(error, url)).toBe(error);
});

it('a forbidden address makes an input unreachable for good', () => {
  const cause = new ForbiddenAddressError('Not there.');
  expect(fromNetworkFailure(cause, url)).toMatchObject({
    code: 'input_unreachable',
    message: 'Not there.',
    transient: false,
    cause,
  });
});
