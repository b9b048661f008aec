import { count, counted } from '../../format/numbers.ts'

/** What a schedule has done in an environment. */
export const scheduleRuns = {
  title: (environment: string) => `Runs in ${environment}`,
  caption: (environment: string) => `The last runs in ${environment}, newest first`,
  columns: { due: 'Due', outcome: 'Outcome', took: 'Took' },
  none: 'No run yet. The first one starts at the next due time.',
  running: 'Running',
  outcomes: {
    succeeded: 'Succeeded',
    replaced: 'Replaced by the next run',
    interrupted: 'Interrupted',
    missed: 'Missed',
    skipped: 'Skipped: the run before went on',
  } as Readonly<Record<string, string>>,
  failed: (code: string) => `Failed: ${code}`,
  missedBefore: (missed: number) => `${counted(missed, 'due time')} before it missed`,
  took: (ms: number) => (ms < 1000 ? `${count(ms)} ms` : `${count(Math.round(ms / 1000))} s`),
  notOver: 'Not over',
}
