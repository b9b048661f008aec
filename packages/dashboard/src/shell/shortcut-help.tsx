import { Button } from '@mantine/core'
import { Dialog } from '../parts/layers/dialog.tsx'
import { t } from '../texts/texts.ts'
import { usePlace } from './organization.ts'
import { openPages } from './pages.ts'
import classes from './shortcut-help.module.css'

/** Every key that does something. */
export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  const { shortcuts } = t.shell
  const { facts } = usePlace()
  const pages = openPages(facts).flatMap(({ letter, word }) =>
    letter === undefined ? [] : [{ keys: ['g', letter], does: shortcuts.goTo(word) }],
  )
  return (
    <Dialog
      isSmall
      title={shortcuts.title}
      onClose={onClose}
      foot={<Button onClick={onClose}>{t.parts.close}</Button>}
    >
      <dl className={classes.list}>
        {[...shortcuts.keys, ...pages].map(({ keys, does }) => (
          <div key={does} className={classes.line}>
            <dt>{does}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
