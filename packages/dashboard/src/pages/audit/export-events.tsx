import { sallyport } from '../../data/sallyport.ts'
import { ExportMenu } from '../../parts/exports/export-menu.tsx'
import { t } from '../../texts/texts.ts'
import { filterOf } from './queries.ts'
import type { AuditSearch } from './search.ts'

interface ExportEventsProps {
  readonly organization: string
  readonly search: AuditSearch
}

/** Saves the events that the filters find, for the verifier or for a spreadsheet. */
export function ExportEvents({ organization, search }: ExportEventsProps) {
  return (
    <ExportMenu
      words={t.audit.exports}
      organization={organization}
      read={async (accept) =>
        await sallyport.exportAuditEvents({ ...filterOf(organization, search, Date.now()), accept })
      }
    />
  )
}
