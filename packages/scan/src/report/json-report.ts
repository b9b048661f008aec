import type { Place } from '../finds/place.ts'
import { withoutTokens } from './printable.ts'
import type { Report } from './report.ts'

/** The report for programs: one JSON object. */
export function jsonReport(report: Report): string {
  const { finds, ...rest } = report
  const shown = {
    finds: finds.map(({ keyId, type, hint, liveness, places }) => ({
      keyId,
      type,
      hint,
      ...(liveness === undefined ? {} : { liveness }),
      places: places.map(shownPlace),
    })),
    ...rest,
  }
  return `${JSON.stringify(shown, undefined, 2)}\n`
}

function shownPlace(place: Place): Place {
  return 'path' in place
    ? { ...place, path: withoutTokens(place.path) }
    : { ...place, repository: withoutTokens(place.repository) }
}
