import { parseArgs } from 'node:util'
import { isKeyId } from '@sallyport/core/key-text'

export const USAGE = `Usage: npm run scan -- [options] PATH…

Finds tokens of Sallyport keys in files, folders, and repositories with their whole histories.

  --public          tokens of public keys count as leaks too
  --ignored         scan also the files that .gitignore excludes
  --except KEY_ID   report no token of this key, such as one in examples (can be repeated)
  --server URL      ask this server which keys are live, with the key in SALLYPORT_TOKEN
  --json            print the report as JSON
  --sarif FILE      write the report as SARIF 2.1.0 to FILE

Exits with 0 if there is no leak, 1 if there is one, and 2 if the command is wrong or something could not be read.
`

/** A command as it was given. */
export interface Command {
  readonly paths: readonly string[]
  readonly includesPublic: boolean
  readonly includesIgnored: boolean
  readonly except: ReadonlySet<string>
  readonly server: URL | undefined
  readonly json: boolean
  readonly sarifFile: string | undefined
}

/** The command is wrong. The message says how. */
export class UsageError extends Error {}

/**
 * Reads the arguments of a command; undefined asks for help.
 *
 * @throws UsageError
 */
export function parseCommand(args: readonly string[]): Command | undefined {
  const { values, positionals } = parse(args)
  if (values.help) return undefined
  if (positionals.length === 0) throw new UsageError('Name a file or folder to scan.')
  const wrongId = values.except.find((id) => !isKeyId(id))
  if (wrongId !== undefined) {
    throw new UsageError('--except takes the id of a key, such as key_4fT0Qm2ZrX9bLk7A.')
  }
  return {
    paths: positionals,
    includesPublic: values.public,
    includesIgnored: values.ignored,
    except: new Set(values.except),
    server: values.server === undefined ? undefined : parseServer(values.server),
    json: values.json,
    sarifFile: values.sarif,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        public: { type: 'boolean', default: false },
        ignored: { type: 'boolean', default: false },
        except: { type: 'string', multiple: true, default: [] },
        server: { type: 'string' },
        json: { type: 'boolean', default: false },
        sarif: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error })
  }
}

function parseServer(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (
    url === undefined ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.username + url.password !== ''
  ) {
    throw new UsageError('--server takes the URL of a server, such as https://console.example.com.')
  }
  return url
}
