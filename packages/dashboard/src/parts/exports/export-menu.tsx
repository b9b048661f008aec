import { Button, Menu } from '@mantine/core'
import { count } from '../../format/numbers.ts'
import { t } from '../../texts/texts.ts'
import { Icon } from '../icon.tsx'
import { Dialog } from '../layers/dialog.tsx'
import { Failure } from '../states/failure.tsx'
import { EXPORT_FORMATS, type ExportType, useSaveExport } from './save-export.ts'

interface ExportMenuProps {
  readonly words: {
    /** What the file has. */
    readonly note: string
    readonly ndjson: string
    readonly csv: string
    readonly file: (organization: string, format: string) => string
  }
  readonly organization: string
  readonly read: (accept: ExportType) => Promise<Response>
}

const KIB = 1_024

/** Saves all that the filters of a list find, in a form for programs or for a spreadsheet. */
export function ExportMenu({ words, organization, read }: ExportMenuProps) {
  const { mutate, isPending, error, variables, bytes, reset } = useSaveExport(read, (format) =>
    words.file(organization, format),
  )
  const { exports } = t
  return (
    <>
      {isPending && <span role="status">{exports.running(count(Math.ceil(bytes / KIB)))}</span>}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button leftSection={<Icon small name="download" />} loading={isPending}>
            {exports.action}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{words.note}</Menu.Label>
          {EXPORT_FORMATS.map((format) => (
            <Menu.Item key={format} onClick={() => mutate(format)}>
              {words[format]}
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
