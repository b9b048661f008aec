import {
  Button,
  createTheme,
  type CSSVariablesResolver,
  Drawer,
  Input,
  Menu,
  Modal,
  PasswordInput,
  Popover,
  SegmentedControl,
  Switch,
  Tooltip,
} from '@mantine/core'
import { t } from '../texts/texts.ts'
import { PETROL, STONE } from './palette.ts'

/** How long dialogs, drawers and menus take to appear, in ms: `--move` and `--fast` of `tokens.css`. */
const MOVE_MS = 160
const FAST_MS = 90

/** Mantine's components with the values of `tokens.css`, and the look that most uses of a component share. */
export const theme = createTheme({
  colors: { petrol: PETROL, gray: STONE },
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 5 },
  autoContrast: true,
  luminanceThreshold: 0.2,
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '0.6875rem', sm: '0.75rem', md: '0.8125rem', lg: '0.875rem', xl: '1rem' },
  spacing: { xs: '0.25rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem' },
  radius: { xs: '3px', sm: '5px', md: '5px', lg: '8px', xl: '8px' },
  defaultRadius: 'sm',
  shadows: { xs: 'var(--shadow-1)', md: 'var(--shadow-2)', xl: 'var(--shadow-3)' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    Button: Button.extend({ defaultProps: { size: 'sm', variant: 'default' } }),
    Drawer: Drawer.extend({
      defaultProps: { position: 'right', size: 'var(--drawer)', transitionProps: { duration: MOVE_MS } },
    }),
    // Fields that may stay empty say so instead.
    InputWrapper: Input.Wrapper.extend({ defaultProps: { withAsterisk: false } }),
    // A menu belongs to the landmark of its button, and opens with the focus on its first item: Mantine would put it behind
    // all landmarks, with the focus on something empty.
    Menu: Menu.extend({
      defaultProps: {
        shadow: 'md',
        position: 'bottom-start',
        transitionProps: { duration: FAST_MS },
        withinPortal: false,
        withInitialFocusPlaceholder: false,
      },
    }),
    Modal: Modal.extend({
      defaultProps: {
        size: 'var(--dialog)',
        radius: 'lg',
        transitionProps: { transition: 'fade', duration: MOVE_MS },
      },
    }),
    PasswordInput: PasswordInput.extend({
      defaultProps: { visibilityToggleButtonProps: { 'aria-label': t.parts.showSecret, tabIndex: 0 } },
    }),
    Popover: Popover.extend({ defaultProps: { shadow: 'md', transitionProps: { duration: FAST_MS } } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: 'xs', withItemsBorders: false } }),
    Switch: Switch.extend({ defaultProps: { size: 'xs', withThumbIndicator: false } }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: true } },
    }),
  },
})

/** Mantine's own names of colours, as roles of `tokens.css`. They change with the colour scheme by themselves. */
const ROLES = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-2)',
  '--mantine-color-placeholder': 'var(--text-2)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--bad-text)',
  '--mantine-color-default': 'var(--bg-raised)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-default-hover': 'var(--bg-hover)',
  '--mantine-color-disabled': 'var(--bg-sunken)',
  '--mantine-color-disabled-color': 'var(--text-disabled)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-filled': 'var(--accent-solid)',
  '--mantine-primary-color-filled-hover': 'var(--accent-solid-hover)',
}

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: ROLES, dark: ROLES })
