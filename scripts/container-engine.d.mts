/** The name of the worker's image. */
export const IMAGE: string;

export interface Engine {
  readonly name: 'docker' | 'podman';
  /** The beginning of a command that runs a container. */
  readonly run: readonly string[];
}

/** Docker where its daemon answers, else Podman with Buildah; undefined where neither is. */
export function findEngine(): Engine | undefined;

/** A sentence for who has none. */
export const NO_ENGINE: string;
