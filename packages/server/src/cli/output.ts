/*
 * Output of the command line: results and instructions go to standard output, logs and errors to standard error. Exit
 * codes: 0 success, 1 failure, 2 invalid settings or usage.
 */

// A reader that has left, such as `head`, does not end a server.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function printError(text: string): void {
  process.stderr.write(`${text}\n`)
}
