import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { run } from '../services/programs.ts'

const PRELOADED = pathToFileURL(join(import.meta.dirname, 'hanging-commit.ts')).href

/** A disk that can hang under a server on SQLite. */
export interface HangingDisk {
  /** The settings of the server. */
  readonly settings: Readonly<Record<string, string>>
  /** From now on, each commit waits inside of the operating system and never returns. */
  hang(): Promise<void>
  /** Whether a commit waits. */
  isHanging(): boolean
  /** Ends the fault for servers that start afterwards. */
  mend(): Promise<void>
}

/** @param folder where the files of the fault are kept */
export function hangingDisk(folder: string): HangingDisk {
  const pipe = join(folder, 'commits')
  return {
    settings: { NODE_OPTIONS: `--import=${PRELOADED}`, HANGING_COMMITS: pipe },
    hang: async () => {
      await run('mkfifo', [pipe])
    },
    isHanging: () => existsSync(`${pipe}.waiting`),
    async mend() {
      await rm(pipe)
      await rm(`${pipe}.waiting`)
    },
  }
}
