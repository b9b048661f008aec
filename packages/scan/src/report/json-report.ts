import type { Place } from '../finds/place.ts'
import { withoutTokens } from './printable.ts'
import type { Report } from './report.ts'

/** The report for programs: one JSON object. */
export function jsonReport(report: Report): string {
  const { finds, problems, notes, ...rest } = report
  const shown = {
    finds: finds.map(({ keyId, type, hint, liveness, places }) => ({
      keyId,
      type,
      hint,
      ...(liveness === undefined ? {} : { liveness }),
      places: places.map(shownPlace),
    })),
    ...rest,
    problems: problems.map(withoutTokens),
    notes: notes.map(withoutTokens),
  }
  return `${JSON.stringify(shown, undefined, 2)}\n`
}

function shownPlace(place: Place): Place {
  return 'path' in place
    ? { ...place, path: withoutTokens(place.path) }
    : { ...place, repository: withoutTokens(place.repository) }
}
