import { findProgram, type FoundProgram } from './debian-program.ts'

/** The package has both programs. */
const SEARCH = {
  packages: ['prometheus'],
  notFound:
    'A test needs Prometheus 2.42 or later with promtool, which is not installed. Install it (Debian 12 and Ubuntu 24.04 ' +
    'or later: "apt-get install prometheus"; macOS: "brew install prometheus").',
}

/** Finds Prometheus. @throws an error that says what to install if it is not available */
export async function prometheusProgram(): Promise<FoundProgram> {
  return await findProgram({ ...SEARCH, names: ['prometheus'], packaged: 'usr/bin/prometheus' })
}

/** Finds the program that checks files for Prometheus. @throws an error that says what to install if it is not available */
export async function promtoolProgram(): Promise<FoundProgram> {
  return await findProgram({ ...SEARCH, names: ['promtool'], packaged: 'usr/bin/promtool' })
}
