import type { CreateKeyOutput } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { handOverQuery } from '../../data/hand-overs.ts'
import { t } from '../../texts/texts.ts'
import { HandOverState } from '../hand-over-state.tsx'
import text from '../text.module.css'
import { When } from '../when.tsx'
import { ShownOnceDialog } from './shown-once-dialog.tsx'
import classes from './shown-once.module.css'

interface LinkDialogProps {
  readonly title: string
  readonly organization: string
  readonly handOver: NonNullable<CreateKeyOutput['handOver']>
  readonly onClose: () => void
}

/** Shows a hand-over link once, and whether it was opened. */
export function LinkDialog({ title, organization, handOver, onClose }: LinkDialogProps) {
  const { data } = useQuery(handOverQuery(organization, handOver.id))
  return (
    <ShownOnceDialog title={title} value={handOver.link} words={t.handOver} onClose={onClose}>
      <div className={classes.part}>
        {data !== undefined && <HandOverState handOver={data} />}
        <p className={text.meta}>
          {t.handOver.until} <When at={handOver.expiresAt} as="instant" />
        </p>
      </div>
    </ShownOnceDialog>
  )
}
