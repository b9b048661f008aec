import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { dirname } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import type { FilePath } from '../files/file-path.ts'

/** The end of git's messages that a problem quotes. */
const MESSAGE_CHARS_MAX = 2000

/** Variables that would lead git to another repository, as in a hook. */
const REPOSITORY_VARIABLES = [
  'GIT_DIR',
  'GIT_COMMON_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
]

const OPTIONS = [
  // Every object as it is, and not the one that replaces it.
  '--no-replace-objects',
  '--literal-pathspecs',
  // A repository to scan may be hostile: git runs the program that this setting names.
  '-c',
  'core.fsmonitor=false',
  // A partial clone would fetch what it lacks.
  '-c',
  'protocol.allow=never',
  // Larger files are read in pieces.
  '-c',
  'core.bigFileThreshold=16m',
  // Submodules have repositories of their own.
  '-c',
  'submodule.recurse=false',
]

/** Git has failed, or is not installed. The message is for people. */
export class GitFailure extends Error {}

/** Runs git in one repository. */
export class Git {
  readonly folder: FilePath
  readonly #env: NodeJS.ProcessEnv

  /** @param env the environment of this process */
  constructor(folder: FilePath, env: NodeJS.ProcessEnv) {
    this.folder = folder
    this.#env = {
      ...env,
      ...Object.fromEntries(REPOSITORY_VARIABLES.map((name) => [name, undefined])),
      // Nothing is fetched, asked or written.
      GIT_NO_LAZY_FETCH: '1',
      // A folder whose own repository is broken must not be taken for a part of another one.
      GIT_CEILING_DIRECTORIES: dirname(folder.bytes.toString()),
      GIT_TERMINAL_PROMPT: '0',
      GIT_OPTIONAL_LOCKS: '0',
      LC_ALL: 'C',
    }
  }

  /**
   * Starts git and passes its output on in pieces.
   *
   * @param feed writes what git reads
   * @throws GitFailure if git fails
   */
  async *run(args: readonly string[], feed?: (input: Writable) => Promise<void>): AsyncGenerator<Buffer> {
    const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn('git', [...OPTIONS, ...args], {
      cwd: this.folder.bytes.toString(),
      env: this.#env,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let message = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      message = (message + text).slice(-MESSAGE_CHARS_MAX)
    })
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    // The failure is reported below, once the output has been read.
    ended.catch(() => undefined)
    child.stdin.on('error', () => undefined)
    const fed = feed === undefined ? Promise.resolve(child.stdin.end()) : feed(child.stdin)
    fed.catch(() => child.kill())
    try {
      yield* child.stdout as AsyncIterable<Buffer>
      await fed
      const status = await ended
      if (status !== 0)
        throw new GitFailure(message.trim() === '' ? `git ended with ${status}` : message.trim())
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        throw new GitFailure('git could not be started. Is it installed?', { cause: error })
      }
      throw error
    } finally {
      child.kill()
    }
  }

  /** The parts of git's output, each ended by `end`, a byte. */
  async *parts(
    args: readonly string[],
    end: number,
    feed?: (input: Writable) => Promise<void>,
  ): AsyncGenerator<Buffer> {
    let rest: Buffer = Buffer.alloc(0)
    for await (const piece of this.run(args, feed)) {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
      let start = 0
      for (let at = bytes.indexOf(end); at !== -1; at = bytes.indexOf(end, start)) {
        yield bytes.subarray(start, at)
        start = at + 1
      }
      rest = bytes.subarray(start)
    }
    if (rest.length > 0) yield rest
  }
}
