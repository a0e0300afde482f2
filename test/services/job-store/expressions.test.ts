import { expect, it } from 'vitest';
import {
  allOf,
  anyOf,
  type Condition,
  compares,
  isMissing,
  isOneOf,
  type Update,
  updateExpression,
} from '../../../services/job-store/expressions.ts';

it.each<[string, Update, object]>([
  [
    'what is set',
    { set: { status: 'complete', error: undefined } },
    {
      UpdateExpression: 'SET #status = :set_status',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':set_status': 'complete' },
    },
  ],
  [
    'what is set where it is missing',
    { set: { a: 1 }, setOnce: { b: 2 } },
    {
      UpdateExpression: 'SET #a = :set_a, #b = if_not_exists(#b, :set_b)',
      ExpressionAttributeNames: { '#a': 'a', '#b': 'b' },
      ExpressionAttributeValues: { ':set_a': 1, ':set_b': 2 },
    },
  ],
  [
    'what is removed, without values',
    { remove: ['a', 'b'] },
    { UpdateExpression: 'REMOVE #a, #b', ExpressionAttributeNames: { '#a': 'a', '#b': 'b' } },
  ],
  [
    'a condition beside a change of the same attribute',
    { set: { a: 1 }, remove: ['c'], when: compares('a', '<', 1) },
    {
      UpdateExpression: 'SET #a = :set_a REMOVE #c',
      ConditionExpression: '#a < :a_value',
      ExpressionAttributeNames: { '#a': 'a', '#c': 'c' },
      ExpressionAttributeValues: { ':set_a': 1, ':a_value': 1 },
    },
  ],
  [
    'false, zero and null as values like any other',
    { set: { a: false, b: 0, c: null } },
    {
      UpdateExpression: 'SET #a = :set_a, #b = :set_b, #c = :set_c',
      ExpressionAttributeNames: { '#a': 'a', '#b': 'b', '#c': 'c' },
      ExpressionAttributeValues: { ':set_a': false, ':set_b': 0, ':set_c': null },
    },
  ],
])('writes %s', (_, update, expression) => {
  expect(updateExpression(update)).toEqual(expression);
});

const oneOfTwo = isOneOf('a', ['x', 'y']);

it.each<[Condition, string, string[], object]>([
  [oneOfTwo, '#a IN (:a_0, :a_1)', ['a'], { a_0: 'x', a_1: 'y' }],
  [isMissing('a'), 'attribute_not_exists(#a)', ['a'], {}],
  [compares('a', '=', 1), '#a = :a_value', ['a'], { a_value: 1 }],
  [
    allOf(oneOfTwo, isMissing('b')),
    '(#a IN (:a_0, :a_1)) AND (attribute_not_exists(#b))',
    ['a', 'b'],
    { a_0: 'x', a_1: 'y' },
  ],
  [
    allOf(isMissing('c'), anyOf(isMissing('b'), compares('b', '=', 'z'))),
    '(attribute_not_exists(#c)) AND ((attribute_not_exists(#b)) OR (#b = :b_value))',
    ['c', 'b', 'b'],
    { b_value: 'z' },
  ],
])('makes a condition of %j', (condition, text, names, values) => {
  expect(condition).toEqual({ text, names, values });
});
