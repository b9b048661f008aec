import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../services/programs.ts'

/** A small file system in memory, unmounted on disposal. */
export interface SmallDisk extends AsyncDisposable {
  /** Writes a file until the disk is full. */
  fill(): Promise<void>
  /** Deletes that file. */
  free(): Promise<void>
}

/** Mounts a file system of this size at an empty folder. */
export async function mountSmallDisk(path: string, bytes: number): Promise<SmallDisk> {
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'tmpfs', path])
  } catch (cause) {
    throw new Error(
      'This test needs a small file system and could not mount one. Run it as root on Linux, in a container with ' +
        'the capability SYS_ADMIN.',
      { cause },
    )
  }
  const filler = join(path, 'filler')
  return {
    fill: async () => await fill(filler),
    free: async () => await rm(filler, { force: true }),
    async [Symbol.asyncDispose]() {
      await run('umount', [path])
    },
  }
}

async function fill(path: string): Promise<void> {
  const file = await open(path, 'a')
  try {
    // Smaller blocks at the end, so that nothing is left.
    for (let blockBytes = 64 * 1024; blockBytes >= 1; blockBytes = Math.floor(blockBytes / 4)) {
      for (;;) {
        try {
          await file.write(Buffer.alloc(blockBytes))
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
          break
        }
      }
    }
  } finally {
    await file.close()
  }
}
