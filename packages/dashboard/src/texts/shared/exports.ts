/** The menu that saves a list as a file. */
export const exports = {
  action: 'Export',
  running: (kib: string) => `${kib} KiB read`,
  done: (name: string) => `${name} is saved`,
  failed: 'The export failed',
}
