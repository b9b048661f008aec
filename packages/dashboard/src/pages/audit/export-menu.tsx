import { Button, Menu } from '@mantine/core'
import { count } from '../../format/numbers.ts'
import { Dialog } from '../../parts/layers/dialog.tsx'
import { Failure } from '../../parts/states/failure.tsx'
import { Icon } from '../../parts/icon.tsx'
import { t } from '../../texts/texts.ts'
import { type ExportFormat, useExportEvents } from './export-events.ts'
import type { AuditSearch } from './search.ts'

interface ExportEventsProps {
  readonly organization: string
  readonly search: AuditSearch
}

const FORMATS: readonly ExportFormat[] = ['ndjson', 'csv']
const KIB = 1_024

/** Saves the events that the filters find, for the verifier or for a spreadsheet. */
export function ExportEvents({ organization, search }: ExportEventsProps) {
  const { mutate, isPending, error, variables, bytes, reset } = useExportEvents(organization, search)
  const { exports } = t.audit
  return (
    <>
      {isPending && <span role="status">{exports.running(count(Math.ceil(bytes / KIB)))}</span>}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button leftSection={<Icon small name="download" />} loading={isPending}>
            {t.audit.export}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{exports.note}</Menu.Label>
          {FORMATS.map((format) => (
            <Menu.Item key={format} onClick={() => mutate(format)}>
              {exports[format]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {error !== null && (
        <Dialog
          isSmall
          title={exports.failed}
          onClose={reset}
          foot={<Button onClick={reset}>{t.parts.close}</Button>}
        >
          <Failure
            error={error}
            retry={() => {
              if (variables !== undefined) mutate(variables)
            }}
          />
        </Dialog>
      )}
    </>
  )
}
