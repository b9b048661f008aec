import { useMutation } from '@tanstack/react-query'
import { csv } from '../../format/csv.ts'
import { readSums, type UsageFilter } from '../../data/usage/usage.ts'
import type { Period } from '../../data/usage/usage-sums.ts'
import { csvFile, download } from '../../parts/download.ts'
import { say } from '../../parts/messages/say.ts'
import { t } from '../../texts/texts.ts'

/** The most sums of a file. */
const SUMS_MAX = 50_000

interface Export {
  readonly period: Period
  readonly filter: UsageFilter
}

/** Saves the sums of each group in each interval as a file. */
export function useExportUsage(organization: string) {
  return useMutation({
    mutationFn: async ({ period, filter }: Export) => {
      const sums = await readSums(organization, period, filter, SUMS_MAX + 1)
      const kept = sums.slice(0, SUMS_MAX)
      const rows = kept.map(({ at, group, requests, allowed, refused }) => [
        at,
        group,
        requests,
        allowed,
        refused,
      ])
      download(
        t.usage.file(organization),
        csvFile(csv([['at', filter.groupBy ?? 'group', 'requests', 'allowed', 'refused'], ...rows])),
      )
      say(sums.length > SUMS_MAX ? t.usage.cut(SUMS_MAX) : t.usage.exported(kept.length))
    },
  })
}
