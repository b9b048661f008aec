import { Button, SegmentedControl } from '@mantine/core'
import { download } from '../../../../parts/download.ts'
import { Icon } from '../../../../parts/icon.tsx'
import layout from '../../../../parts/layers/form.module.css'
import { PanelSection } from '../../../../parts/layers/side-panel.tsx'
import head from '../../../../parts/section-head.module.css'
import { Snippet } from '../../../../parts/snippet.tsx'
import { SmallTable } from '../../../../parts/table/small-table.tsx'
import text from '../../../../parts/text.module.css'
import { t } from '../../../../texts/texts.ts'
import { type Format, FORMATS } from '../upload.ts'
import { FIELDS } from './file-head.ts'

interface FormatSectionProps {
  readonly value: Format
  readonly onChange: (format: Format) => void
}

/** The form of the file: an example of it, and what each column says. */
export function FormatSection({ value, onChange }: FormatSectionProps) {
  const { form } = t.imports
  const example = form.examples[value]
  return (
    <>
      <PanelSection label={form.format}>
        <fieldset className={layout.field}>
          <legend>{form.format}</legend>
          <SegmentedControl
            value={value}
            data={FORMATS.map((format) => ({ value: format, label: form.formats[format] }))}
            onChange={onChange}
          />
          <p className={text.meta}>{form.formatHints[value]}</p>
        </fieldset>
        <div className={head.head}>
          <h3>{form.example}</h3>
          <Button
            size="compact-xs"
            leftSection={<Icon small name="download" />}
            onClick={() => download(form.exampleFile(value), new Blob([example]))}
          >
            {form.saveExample}
          </Button>
        </div>
        <Snippet label={form.example}>{example}</Snippet>
      </PanelSection>
      <PanelSection label={form.fields}>
        <h3>{form.fieldsOf[value]}</h3>
        <SmallTable
          isWrapping
          caption={form.fieldsOf[value]}
          columns={[{ word: form.fieldColumn }, { word: form.wordColumn }]}
        >
          {FIELDS.map((field) => (
            <tr key={field}>
              <td>
                <code>{field}</code>
              </td>
              <td>{form.fieldWords[field]}</td>
            </tr>
          ))}
        </SmallTable>
      </PanelSection>
    </>
  )
}
