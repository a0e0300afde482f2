import type { Picture } from './pictures.ts';

/** The label of an output's picture in the graph. */
export function pictureLabel(output: number): string {
  return `[picture${output}]`;
}

/** What comes before the pictures in a filter graph. */
export interface GraphInput {
  /** Such as `[0:v]`. */
  readonly stream: string;
  /** What all pictures go through. */
  readonly filters: readonly string[];
}

/**
 * A filter graph that makes several pictures of one stream.
 *
 * @param larger by picture, the index of the one that it is made from; undefined for the stream itself
 * @param filtersOf what makes a picture
 */
export function pictureGraph(
  { stream, filters }: GraphInput,
  pictures: readonly Picture[],
  larger: readonly (number | undefined)[],
  filtersOf: (picture: Picture, larger: number | undefined) => readonly string[],
): string {
  const copiesOf = (from: number | undefined) =>
    pictures.flatMap((_, index) => (larger[index] === from ? [copyLabel(index)] : []));
  return [
    chain(stream, filters, copiesOf(undefined)),
    ...pictures.map((picture, index) =>
      chain(copyLabel(index), filtersOf(picture, larger[index]), [pictureLabel(index), ...copiesOf(index)]),
    ),
  ].join(';');
}

function copyLabel(output: number): string {
  return `[copy${output}]`;
}

function chain(from: string, filters: readonly string[], to: readonly string[]): string {
  const isFork = to.length > 1 || filters.length === 0;
  return [from, [...filters, ...(isFork ? [`split=${to.length}`] : [])].join(','), ...to].join('');
}
