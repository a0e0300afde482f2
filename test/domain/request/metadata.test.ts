import { describe, expect, it } from 'vitest';
import { parseJobRequest } from '../../../domain/request/job-request.ts';
import { refusalsOf, requestWith } from './requests.ts';

describe('metadata', () => {
  const pairs = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'value']));
  const whole =
    'metadata must be an object of at most 20 pairs of strings (keys of 1 to 128, values of at most 1024 characters)';
  const key = 'must have a key of 1 to 128 characters';
  const value = 'must be a string of at most 1024 characters';
  const longKey = 'k'.repeat(129);

  it.each<[string, unknown, string[]]>([
    ['nothing', {}, []],
    ['20 pairs', pairs(20), []],
    ['21 pairs', pairs(21), [whole]],
    ['a key of 128 characters', { ['k'.repeat(128)]: '' }, []],
    ['a key of 129 characters', { [longKey]: '' }, [`metadata.${longKey} ${key}`]],
    ['an empty key', { '': 'x' }, [`metadata[""] ${key}`]],
    ['a value of 1024 characters', { a: 'x'.repeat(1024) }, []],
    ['a value of 1025 characters', { a: 'x'.repeat(1025) }, [`metadata.a ${value}`]],
    ['a number', { a: 1 }, [`metadata.a ${value}`]],
    ['null and an object', { a: null, 'b.c d': {} }, [`metadata.a ${value}`, `metadata["b.c d"] ${value}`]],
    ['a list', ['x'], [whole]],
    ['a string', 'x', [whole]],
    ['null', null, [whole]],
    ['the key constructor', { constructor: 'Ferrari' }, ['metadata.constructor cannot be used as a key']],
    ['the key __proto__', JSON.parse('{"__proto__": "x"}'), ['metadata.__proto__ cannot be used as a key']],
  ])('may or may not hold %s', (_, metadata, expected) => {
    expect(refusalsOf(requestWith({ metadata }))).toEqual(expected);
  });

  it('is given back as it came', () => {
    const metadata = { title: 'Ünïcode', toString: 'x', hasOwnProperty: 'y' };
    expect(parseJobRequest(JSON.stringify(requestWith({ metadata }))).request.metadata).toEqual(metadata);
  });
});
