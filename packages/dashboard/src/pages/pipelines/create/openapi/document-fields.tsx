import { TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { FileZone } from '../../../../parts/files/file-zone.tsx'
import { Note } from '../../../../parts/states/note.tsx'
import { t } from '../../../../texts/texts.ts'
import classes from '../create-pipeline.module.css'
import { type Drafted, draftOf, factsOf, nameIn, placeIn, upstreamOf } from './document-draft.ts'
import { readDocument, type ReadFile } from './read-document.ts'

/** A pipeline that begins with an OpenAPI document. */
export interface FromDocument {
  /** Undefined before a file was chosen. */
  readonly file: ReadFile | undefined
  readonly url: string
  readonly pathPrefix: string
}

export const NO_DOCUMENT: FromDocument = { file: undefined, url: '', pathPrefix: '' }

/** The draft of what is chosen and typed; undefined without a readable file. */
export function draftedFrom({ file, url, pathPrefix }: FromDocument): Drafted | undefined {
  return file?.problem === undefined && file !== undefined
    ? draftOf(file.document, { url: url.trim(), pathPrefix: pathPrefix.trim() })
    : undefined
}

interface DocumentFieldsProps {
  readonly values: FromDocument
  readonly drafted: Drafted | undefined
  /** @param name a name from the title of a document that was just read */
  readonly onChange: (values: FromDocument, name?: string) => void
}

const ACCEPTED = '.json,.yaml,.yml,application/json,application/yaml'

/** Takes an OpenAPI document, and shows what becomes of it. */
export function DocumentFields({ values, drafted, onChange }: DocumentFieldsProps) {
  const { openApi } = t.pipelines.form
  const newest = useRef<File>(undefined)
  const [reading, setReading] = useState<string>()
  const take = async (chosen: File): Promise<void> => {
    newest.current = chosen
    setReading(chosen.name)
    const file = await readDocument(chosen)
    // Another one may have been chosen meanwhile.
    if (newest.current !== chosen) return
    setReading(undefined)
    const next: FromDocument = { file, url: '', pathPrefix: '' }
    const made = draftedFrom(next)
    onChange(
      { ...next, url: made === undefined ? '' : upstreamOf(made) },
      file.problem === undefined ? nameIn(file.document) : undefined,
    )
  }
  const { file } = values
  return (
    <>
      <div className={classes.field} aria-live="polite">
        <FileZone
          words={reading === undefined ? (file?.name ?? openApi.drop) : openApi.reading(reading)}
          button={file === undefined ? openApi.choose : openApi.chooseOther}
          accept={ACCEPTED}
          onFile={(chosen) => void take(chosen)}
        />
      </div>
      {file?.problem !== undefined && <Note tone="bad" title={file.problem} role="alert" />}
      {drafted !== undefined && (
        <div className={classes.two}>
          <TextInput
            label={t.pipelines.form.url}
            description={openApi.urlHint}
            inputMode="url"
            spellCheck={false}
            required
            value={values.url}
            error={drafted.needsUrl === true && drafted.problem}
            onChange={({ currentTarget }) => onChange({ ...values, url: currentTarget.value })}
          />
          <TextInput
            label={openApi.prefix}
            description={openApi.prefixHint}
            spellCheck={false}
            value={values.pathPrefix}
            onChange={({ currentTarget }) => onChange({ ...values, pathPrefix: currentTarget.value })}
          />
        </div>
      )}
      {drafted?.needsUrl === false && <Note tone="bad" title={drafted.problem} role="alert" />}
      {drafted?.draft !== undefined && <DraftNotes draft={drafted.draft} />}
    </>
  )
}

/** The most notes that are shown. */
const NOTES_MAX = 20

function DraftNotes({ draft }: { readonly draft: NonNullable<Drafted['draft']> }) {
  const { openApi } = t.pipelines.form
  const { credentials } = t.pipeline.spec
  const facts = factsOf(draft)
  const asked = facts.credentials.map((name) => (isCredential(name) ? credentials[name] : name))
  const more = draft.notes.length - NOTES_MAX
  return (
    <Note tone={draft.notes.length === 0 ? 'ok' : 'warn'} title={openApi.summary(facts, asked)}>
      <p>{openApi.checked(facts.checked)}</p>
      {draft.notes.length === 0 ? (
        openApi.complete
      ) : (
        <>
          {openApi.differs}
          <ul className={classes.notes}>
            {draft.notes.slice(0, NOTES_MAX).map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                <code>{placeIn(path)}</code> {message}
              </li>
            ))}
            {more > 0 && <li>{openApi.more(more)}</li>}
          </ul>
        </>
      )}
    </Note>
  )
}

function isCredential(name: string): name is keyof typeof t.pipeline.spec.credentials {
  return name in t.pipeline.spec.credentials
}
