import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import { sessionQuery } from '../../../../data/session.ts'
import { useOnce } from '../../../../parts/layers/once.ts'
import { PanelSection, SidePanel } from '../../../../parts/layers/side-panel.tsx'
import { Failure } from '../../../../parts/states/failure.tsx'
import { StepUp } from '../../../../parts/states/step-up.tsx'
import text from '../../../../parts/text.module.css'
import { t } from '../../../../texts/texts.ts'
import { useSendFile } from '../mutations.ts'
import { cancelUpload, useIsSending, useUpload } from '../upload.ts'
import { type Candidate, FileField } from './file-field.tsx'
import { fileHead } from './file-head.ts'
import { FormatSection } from './format-section.tsx'
import { HeadNote } from './head-note.tsx'
import classes from '../imports.module.css'
import { UploadProgress } from './upload-progress.tsx'

/** How old a confirmation may be for lines that give roles, in ms: a little less than on the server. */
const CONFIRMED_MS = 4 * 60_000

interface NewImportProps {
  readonly organization: string
  /** @param id the import, if a file has arrived */
  readonly onClose: (id?: string) => void
}

/** Takes a file of keys and sends it: first the form, then how much of the file has left. */
export function NewImport({ organization, onClose }: NewImportProps) {
  const upload = useUpload(organization)
  const { mutate } = useSendFile(organization)
  const arrived = useEffectEvent(onClose)
  const arrival = upload?.arrival
  const isShown = useRef(false)
  useEffect(() => {
    isShown.current = true
    return () => {
      isShown.current = false
    }
  }, [])
  // Without an end of its own: once the file has arrived, there is no upload any more.
  useEffect(() => {
    void arrival?.then((made) => {
      if (isShown.current && made !== null) arrived(made.id)
    })
  }, [arrival])
  if (upload !== undefined) {
    return (
      <UploadProgress
        upload={upload}
        onRetry={() => mutate(upload)}
        onCancel={cancelUpload}
        onClose={() => onClose()}
      />
    )
  }
  return <ImportForm organization={organization} onSend={mutate} onClose={() => onClose()} />
}

interface ImportFormProps {
  readonly organization: string
  readonly onSend: (candidate: Candidate) => void
  readonly onClose: () => void
}

function ImportForm({ organization, onSend, onClose }: ImportFormProps) {
  const queries = useQueryClient()
  const isOtherSending = useIsSending()
  const [candidate, setCandidate] = useState<Candidate>()
  const [format, setFormat] = useState<Candidate['format']>('csv')
  const [asks, setAsks] = useState(false)
  const reason = useId()
  const { form } = t.imports
  const head = candidate && fileHead(candidate.bytes, format)
  const isReady = candidate !== undefined && candidate.bytes !== null && !isOtherSending && !asks
  const send = (): void => {
    if (candidate !== undefined) onSend({ ...candidate, format })
  }
  // Lines that give roles need the same step-up as a key with roles. It must come first: the server works on them later.
  const isConfirmed = useMutation({
    mutationFn: async () => {
      const session = await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
      const confirmedAt = session?.confirmedAt ?? null
      return confirmedAt !== null && Date.now() - Date.parse(confirmedAt) <= CONFIRMED_MS
    },
    onSuccess: (is) => (is ? send() : setAsks(true)),
  })
  const submit = useOnce(() => {
    if (!isReady || isConfirmed.isPending) return
    if (head?.known.includes('roles') === true) isConfirmed.mutate()
    else send()
  })
  const reasonText = candidate === undefined ? form.noFile : form.effect
  return (
    <SidePanel
      title={form.title}
      about={form.about}
      onClose={onClose}
      foot={
        <>
          <span id={reason} className={`${classes.effect} ${text.meta}`}>
            {isOtherSending ? form.other : reasonText}
          </span>
          <Button onClick={onClose}>{t.parts.cancel}</Button>
          <Button
            variant="filled"
            aria-disabled={!isReady || undefined}
            aria-describedby={reason}
            loading={isConfirmed.isPending}
            onClick={submit}
          >
            {form.submit}
          </Button>
        </>
      }
    >
      <PanelSection label={form.file}>
        <FileField
          value={candidate}
          onChange={(chosen) => {
            setCandidate(chosen)
            setFormat(chosen.format)
            setAsks(false)
          }}
        />
        {head !== undefined && <HeadNote organization={organization} head={head} format={format} />}
        {isConfirmed.error !== null && <Failure error={isConfirmed.error} retry={submit} />}
        {asks && <StepUp error={undefined} onConfirmed={send} />}
        <p className={text.meta}>{form.safe}</p>
      </PanelSection>
      <FormatSection value={format} onChange={setFormat} />
    </SidePanel>
  )
}
