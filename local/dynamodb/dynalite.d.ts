/** dynalite 4 comes without types; these are of what is used here. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  export interface DynaliteOptions {
    /** Folder of the LevelDB store. */
    readonly path: string;
    /** How long tables stay in CREATING, DELETING and UPDATING, in milliseconds. @default 500 */
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  /** A server that does not listen yet. */
  export default function dynalite(options: DynaliteOptions): Server;
}
