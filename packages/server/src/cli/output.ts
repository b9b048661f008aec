/*
 * What the command line prints: results and what a person must read go to standard output, logs and errors to standard
 * error. Exit codes: 0 done, 1 failed, 2 wrong settings or wrong usage.
 */

export function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`)
}
