import { findProgram, type FoundProgram } from './debian-program.ts'

/** Finds Chromium. @throws an error that says what to install if it is not available */
export async function chromiumProgram(): Promise<FoundProgram> {
  return await findProgram({
    names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    packages: ['chromium'],
    // Beside it is a launcher script, which only works where the package is installed.
    packaged: 'usr/lib/chromium/chromium',
    notFound:
      'A test needs Chromium, which is not installed. Install it (Debian: "apt-get install chromium"; ' +
      'elsewhere: put a program named "chromium" or "google-chrome" on PATH).',
  })
}
