/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
export type Matcher = string | number | boolean | null | { readonly [operator: string]: unknown };

/** An EventBridge event pattern: every field that it names must match. */
export interface EventPattern {
  readonly [field: string]: EventPattern | readonly Matcher[];
}

/**
 * Tells whether EventBridge would deliver the event to a rule with this pattern.
 *
 * @throws Error when the pattern uses what this matcher does not know; see {@link checkPattern}
 */
export function matches(pattern: EventPattern, event: unknown): boolean {
  checkPattern(pattern);
  return matchesObject(pattern, event);
}

/** @throws Error that names the first part of the pattern that is malformed or not known */
export function checkPattern(pattern: EventPattern, path = ''): void {
  for (const [field, part] of Object.entries(pattern)) {
    const where = path + field;
    if (field.startsWith('$')) throw new Error(`Event pattern: ${where} is not implemented`);
    if (isList(part)) for (const matcher of part) checkMatcher(matcher, where);
    else if (isObject(part)) checkPattern(part, `${where}.`);
    else throw new Error(`Event pattern: ${where} must be an object or an array of values`);
  }
}

function checkMatcher(matcher: Matcher, where: string): void {
  if (matcher === null || typeof matcher !== 'object') return;
  const [operator, ...others] = Object.keys(matcher);
  const refuse = () => new Error(`Event pattern: ${where} has an unknown matcher ${JSON.stringify(matcher)}`);
  if (operator === undefined || others.length > 0) throw refuse();
  const operand = matcher[operator];
  const isKnown =
    ((operator === 'prefix' || operator === 'suffix') && typeof operand === 'string') ||
    (operator === 'exists' && typeof operand === 'boolean') ||
    (operator === 'anything-but' && isAnythingBut(operand));
  if (!isKnown) throw refuse();
}

/** `anything-but` takes a value, a list of values, or one prefix or suffix. */
function isAnythingBut(operand: unknown): boolean {
  if (!isObject(operand))
    return [operand].flat().every((value) => ['string', 'number'].includes(typeof value));
  const [operator, ...others] = Object.keys(operand);
  const isAffix = operator === 'prefix' || operator === 'suffix';
  return isAffix && others.length === 0 && typeof operand[operator] === 'string';
}

function matchesObject(pattern: EventPattern, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((element) => matchesObject(pattern, element));
  return Object.entries(pattern).every(([field, part]) => {
    const found = isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
    if (!isList(part)) return matchesObject(part, found);
    return part.some((matcher) => matchesValue(matcher, found));
  });
}

/** An array in the event matches when one of its elements does. */
function matchesValue(matcher: Matcher, value: unknown): boolean {
  if (isObject(matcher) && 'exists' in matcher) return (value !== undefined) === matcher.exists;
  if (Array.isArray(value)) return value.some((element) => matchesValue(matcher, element));
  if (value === undefined) return false;
  if (!isObject(matcher)) return matcher === value;
  if ('anything-but' in matcher) return !excludes(matcher['anything-but'], value);
  return hasAffix(matcher, value);
}

function excludes(operand: unknown, value: unknown): boolean {
  return isObject(operand) ? hasAffix(operand, value) : [operand].flat().includes(value);
}

function hasAffix({ prefix, suffix }: { prefix?: unknown; suffix?: unknown }, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return typeof prefix === 'string' ? value.startsWith(prefix) : value.endsWith(String(suffix));
}

function isList(part: EventPattern | readonly Matcher[]): part is readonly Matcher[] {
  return Array.isArray(part);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
