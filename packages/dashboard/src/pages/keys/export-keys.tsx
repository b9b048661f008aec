import { sallyport } from '../../data/sallyport.ts'
import { ExportMenu } from '../../parts/exports/export-menu.tsx'
import { t } from '../../texts/texts.ts'
import { filterOf } from './queries.ts'
import type { KeysSearch } from './search.ts'

interface ExportKeysProps {
  readonly organization: string
  readonly environment: string | undefined
  readonly search: KeysSearch
}

/** Saves the keys that the filters find. */
export function ExportKeys({ organization, environment, search }: ExportKeysProps) {
  return (
    <ExportMenu
      words={t.keys.exports}
      organization={organization}
      read={async (accept) =>
        await sallyport.exportKeys({ ...filterOf(organization, environment, search), accept })
      }
    />
  )
}
