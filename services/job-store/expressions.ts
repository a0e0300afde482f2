/** The parts of an UpdateItem that DynamoDB wants as expressions with placeholders. */
export interface UpdateParts {
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}

export interface Update {
  /** Attributes to set; undefined ones are left alone. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Attributes to set where they are missing. */
  readonly setOnce?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly when?: Condition;
}

/** A condition with the names and values that it uses, such as `{ text: '#status IN (:a, :b)', ... }`. */
export interface Condition {
  readonly text: string;
  /** Attributes that stand in the text as `#name`. */
  readonly names: readonly string[];
  /** What stands in the text as `:name`. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Writes an update in DynamoDB's expressions, every name behind a placeholder, since many words are reserved. */
export function updateExpression({ set = {}, setOnce = {}, remove = [], when }: Update): UpdateParts {
  const given = Object.entries(set).filter(([, value]) => value !== undefined);
  const sets = [
    ...given.map(([name]) => `#${name} = :set_${name}`),
    ...Object.keys(setOnce).map((name) => `#${name} = if_not_exists(#${name}, :set_${name})`),
  ];
  const clauses = [
    ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
    ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
  ];
  const names = [...given.map(([name]) => name), ...Object.keys(setOnce), ...remove, ...(when?.names ?? [])];
  const values = [...given, ...Object.entries(setOnce)].map(([name, value]) => [`:set_${name}`, value]);
  const conditionValues = Object.entries(when?.values ?? {}).map(([name, value]) => [`:${name}`, value]);
  const allValues = Object.fromEntries([...values, ...conditionValues]);
  return {
    UpdateExpression: clauses.join(' '),
    ...(when && { ConditionExpression: when.text }),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ...(Object.keys(allValues).length > 0 && { ExpressionAttributeValues: allValues }),
  };
}

/** Holds when an attribute has one of the values. */
export function isOneOf(name: string, values: readonly string[]): Condition {
  const placeholders = values.map((_, index) => `:${name}_${index}`);
  return {
    text: `#${name} IN (${placeholders.join(', ')})`,
    names: [name],
    values: Object.fromEntries(values.map((value, index) => [`${name}_${index}`, value])),
  };
}

/** Holds when every one of the conditions does. */
export function allOf(...conditions: readonly Condition[]): Condition {
  return combine(' AND ', conditions);
}

/** Holds when one of the conditions does. */
export function anyOf(...conditions: readonly Condition[]): Condition {
  return combine(' OR ', conditions);
}

/** Holds when an attribute is not there. */
export function isMissing(name: string): Condition {
  return { text: `attribute_not_exists(#${name})`, names: [name], values: {} };
}

/** Holds when an attribute compares to a value. */
export function compares(name: string, operator: '=' | '<', value: unknown): Condition {
  return { text: `#${name} ${operator} :${name}_value`, names: [name], values: { [`${name}_value`]: value } };
}

function combine(operator: string, conditions: readonly Condition[]): Condition {
  return {
    text: conditions.map(({ text }) => `(${text})`).join(operator),
    names: conditions.flatMap(({ names }) => names),
    values: Object.assign({}, ...conditions.map(({ values }) => values)),
  };
}
