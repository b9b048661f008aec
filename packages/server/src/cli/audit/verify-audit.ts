// `npm run audit -- verify FILE` checks an export of an audit log, without a server and without a database.

import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { print, printError } from '../output.ts'
import { linesOf } from './export-lines.ts'
import { readKey, type Verdict, verifyExport } from './verify-export.ts'

const USAGE = `Usage: npm run audit -- verify FILE [--public-key KEY_FILE]

  FILE           an export of GET /v1/organizations/{org}/audit-events with "Accept: application/x-ndjson"
  --public-key   the key that must have signed it, as PEM: \`publicKey\` of GET /v1/audit-keys

Exit codes: 0 the log is whole and unchanged, 1 it is not, 2 the file cannot show it, or it cannot be read.`

/** The exit code of each verdict. */
const EXIT_CODES: Readonly<Record<Verdict['kind'], number>> = { intact: 0, broken: 1, unverifiable: 2 }

/** Runs the command. @returns the exit code */
async function run(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { 'public-key': { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help === true) {
    print(USAGE)
    return 0
  }
  const [command, file, ...rest] = positionals
  if (command !== 'verify' || file === undefined || rest.length > 0) {
    printError(USAGE)
    return 2
  }
  const keyFile = values['public-key']
  const key = keyFile === undefined ? undefined : readKey(await readFile(keyFile, 'utf8'))
  if (keyFile !== undefined && key === undefined)
    throw new Error(`${keyFile} has no Ed25519 public key as PEM.`)
  const verdict = await verifyExport(linesOf(createReadStream(file)), key)
  if (verdict.kind !== 'intact') printError(verdict.reason)
  else print(intactText(verdict, key !== undefined))
  return EXIT_CODES[verdict.kind]
}

function intactText(
  { organization, events, checkpoints, signedAtMs, fingerprint }: Extract<Verdict, { kind: 'intact' }>,
  isKeyGiven: boolean,
): string {
  const signed = new Date(signedAtMs).toISOString()
  const found = `The audit log of ${organization} is whole and unchanged: events 1 to ${events}, ${checkpoints} checkpoint${checkpoints === 1 ? '' : 's'}, signed at ${signed}.`
  const key = `Fingerprint of the key (SHA-256): ${fingerprint}`
  return isKeyGiven
    ? `${found}\n${key}`
    : `${found}\n${key}\nThe key is the one in the file. Compare the fingerprint with GET /v1/audit-keys, or give --public-key.`
}

/** An error in words; Node.js reports a missing file as `ENOENT`. */
function faultText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, path } = error as NodeJS.ErrnoException
  return code === 'ENOENT' ? `There is no file ${path ?? ''}.` : error.message
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  printError(faultText(error))
  process.exitCode = 2
}
