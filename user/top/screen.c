// SPDX-License-Identifier: BSD-2-Clause
#define NCURSES_WIDECHAR 1
#include "top/screen.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include <curses.h>

#include "top/rescue.h"
#include "top/terminal.h"

/* So long for the rest of what a key sends, in ms. */
#define ESCAPE_MS 25

#define CONTROL(c) ((c)&0x1f)

struct screen {
	SCREEN *curses;
	int resized; /* a signalfd */
	int epoll;
	bool utf8;
	attr_t styles[TOP_FOOT + 1];
	attr_t mark;
	sigset_t before;
	char reset[256]; /* what gives the terminal back */
};

/* On a black and white screen, and where colours are not wanted. */
static void choose_styles(struct screen *s)
{
	s->styles[TOP_TITLE] = A_BOLD;
	s->styles[TOP_LOSS] = A_BOLD;
	s->styles[TOP_HEADER] = A_REVERSE;
	s->styles[TOP_CURSOR] = A_REVERSE;
	s->mark = A_REVERSE | A_BOLD;
	if (getenv("NO_COLOR") || !has_colors() || start_color() == ERR)
		return;
	use_default_colors();
	init_pair(1, COLOR_RED, -1);
	init_pair(2, COLOR_BLACK, COLOR_GREEN);
	init_pair(3, COLOR_BLACK, COLOR_CYAN);
	init_pair(4, COLOR_CYAN, -1);
	s->styles[TOP_LOSS] = COLOR_PAIR(1) | A_BOLD;
	s->styles[TOP_HEADER] = COLOR_PAIR(2);
	s->styles[TOP_CURSOR] = COLOR_PAIR(3);
	s->styles[TOP_FOOT] = COLOR_PAIR(4);
	s->mark = COLOR_PAIR(3);
}

/*
 * ^S would have the run wait for ^Q. ncurses' own stop, in a signal's handler, does not draw all of
 * the screen again.
 */
static void take_control_keys(void)
{
	struct termios t;

	if (tcgetattr(STDIN_FILENO, &t))
		return;
	t.c_iflag &= ~(tcflag_t)IXON;
	t.c_cc[VSUSP] = _POSIX_VDISABLE;
	tcsetattr(STDIN_FILENO, TCSANOW, &t);
	def_prog_mode();
}

static int open_curses(struct screen *s, struct reason *why)
{
	setlocale(LC_CTYPE, "");
	s->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	s->curses = newterm(NULL, stdout, stdin);
	if (!s->curses)
		return reason_set(why, -ENOTTY, "top cannot draw on this terminal");
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(ESCAPE_MS);
	curs_set(0);
	take_control_keys();
	choose_styles(s);
	return 0;
}

static int watch(const struct screen *s, int fd)
{
	struct epoll_event event = {.events = EPOLLIN};

	return epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

/* ncurses has a handler for it, which would have to be called from the loop. */
static int open_input(struct screen *s)
{
	sigset_t resize;
	int err;

	sigemptyset(&resize);
	sigaddset(&resize, SIGWINCH);
	if (sigprocmask(SIG_BLOCK, &resize, &s->before))
		return -errno;
	s->resized = signalfd(-1, &resize, SFD_CLOEXEC | SFD_NONBLOCK);
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s->resized < 0 || s->epoll < 0)
		return -errno;
	err = watch(s, STDIN_FILENO);
	return err ? err : watch(s, s->resized);
}

int screen_new(struct screen **out, struct reason *why)
{
	struct screen *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return reason_set(why, -ENOMEM, "out of memory");
	err = terminal_check(s->reset, sizeof(s->reset), why);
	if (err) {
		free(s);
		return err;
	}
	s->resized = s->epoll = -1;
	err = open_input(s);
	if (!err)
		err = rescue_begin(STDOUT_FILENO, s->reset);
	if (err)
		reason_set(why, err, "cannot read the terminal: %s", strerror(-err));
	else
		err = open_curses(s, why);
	if (err)
		screen_free(s);
	else
		*out = s;
	return err;
}

/* Where there is no other screen to go back to, what comes next begins on the last line. */
static void leave(void)
{
	move(LINES - 1, 0);
	clrtoeol();
	refresh();
	endwin();
}

void screen_free(struct screen *s)
{
	if (!s)
		return;
	if (s->curses) {
		leave();
		delscreen(s->curses);
	}
	rescue_end();
	if (s->resized >= 0)
		close(s->resized);
	if (s->epoll >= 0)
		close(s->epoll);
	sigprocmask(SIG_SETMASK, &s->before, NULL);
	free(s);
}

int screen_fd(const struct screen *s)
{
	return s->epoll;
}

static void set_size(void)
{
	struct winsize size;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
}

static void take_size(const struct screen *s)
{
	struct signalfd_siginfo info;

	if (read(s->resized, &info, sizeof(info)) == sizeof(info))
		set_size();
}

/* Stop, as the terminal has all processes of a job do; when they go on, all is drawn again. */
static void suspend(void)
{
	const struct sigaction stop = {.sa_handler = SIG_DFL};
	struct sigaction before;

	leave();
	sigaction(SIGTSTP, &stop, &before);
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &before, NULL);
	set_size();
	clearok(curscr, TRUE);
}

static int key_of(int c)
{
	static const struct {
		int curses, key;
	} keys[] = {
		{KEY_UP, TOP_KEY_UP},	      {KEY_DOWN, TOP_KEY_DOWN},
		{KEY_LEFT, TOP_KEY_LEFT},     {KEY_RIGHT, TOP_KEY_RIGHT},
		{KEY_PPAGE, TOP_KEY_PAGE_UP}, {KEY_NPAGE, TOP_KEY_PAGE_DOWN},
		{KEY_HOME, TOP_KEY_HOME},     {KEY_END, TOP_KEY_END},
		{KEY_ENTER, TOP_KEY_ENTER},   {'\r', TOP_KEY_ENTER},
		{'\n', TOP_KEY_ENTER},	      {KEY_BACKSPACE, TOP_KEY_BACKSPACE},
		{0x7f, TOP_KEY_BACKSPACE},    {'\b', TOP_KEY_BACKSPACE},
		{0x1b, TOP_KEY_ESCAPE},	      {KEY_F(1), TOP_KEY_HELP},
		{KEY_F(4), TOP_KEY_FILTER},   {KEY_F(6), TOP_KEY_SORT},
		{KEY_F(10), TOP_KEY_QUIT},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].curses == c)
			return keys[i].key;
	return c < 256 ? c : TOP_KEY_NONE;
}

/* Its other side has been closed: it would be readable for ever. */
static bool is_closed(void)
{
	struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};

	return poll(&fd, 1, 0) > 0 && fd.revents & (POLLHUP | POLLERR | POLLNVAL);
}

int screen_key(struct screen *s)
{
	int c, key = TOP_KEY_NONE;

	take_size(s);
	do {
		c = getch();
		if (c == ERR)
			return is_closed() ? TOP_KEY_QUIT : TOP_KEY_NONE;
		if (c == CONTROL('z'))
			suspend();
		if (c == CONTROL('l'))
			clearok(curscr, TRUE);
		key = key_of(c);
	} while (key == TOP_KEY_NONE);
	return key;
}

void screen_size(const struct screen *s, size_t *width, size_t *height)
{
	(void)s;
	*width = (size_t)COLS;
	*height = (size_t)LINES;
}

bool screen_utf8(const struct screen *s)
{
	return s->utf8;
}

/* As many characters as have room; what the locale does not know, or has no width, is '?'. */
static size_t widen(wchar_t *to, const char *text, size_t shift, size_t width)
{
	mbstate_t state = {0};
	size_t n = 0, used = 0;

	while (*text && n < width) {
		wchar_t c;
		size_t length = mbrtowc(&c, text, MB_CUR_MAX, &state);

		if (length == (size_t)-1 || length == (size_t)-2 || !iswprint((wint_t)c)) {
			memset(&state, 0, sizeof(state));
			c = L'?';
			length = 1;
			while (((unsigned char)text[length] & 0xc0) == 0x80)
				length++;
		}
		text += length;
		if (shift) {
			shift--;
			continue;
		}
		used += (size_t)(wcwidth(c) > 0 ? wcwidth(c) : 0);
		if (used > width)
			break;
		to[n++] = c;
	}
	to[n] = L'\0';
	return n;
}

static void draw_line(const struct screen *s, int y, const struct top_line *line, size_t shift)
{
	const bool fills = line->style == TOP_HEADER || line->style == TOP_CURSOR;
	const attr_t style = s->styles[line->style];
	wchar_t text[TOP_LINE_SIZE];
	size_t width = (size_t)COLS < TOP_LINE_SIZE ? (size_t)COLS : TOP_LINE_SIZE - 1;
	size_t n;

	if (line->style == TOP_TITLE || line->style == TOP_FOOT)
		shift = 0;
	n = widen(text, line->text, shift, width);
	attrset(style);
	if (fills)
		mvhline(y, 0, ' ' | style, COLS);
	mvaddnwstr(y, 0, text, (int)n);
	if (line->marked && line->mark >= shift && line->mark < shift + n)
		mvchgat(y, (int)(line->mark - shift), (int)line->marked, s->mark & ~A_COLOR,
			(short)PAIR_NUMBER(s->mark), NULL);
	attrset(A_NORMAL);
}

void screen_draw(struct screen *s, const struct top_line *lines, size_t n, size_t shift)
{
	erase();
	for (size_t i = 0; i < n && i < (size_t)LINES; i++)
		draw_line(s, (int)i, &lines[i], shift);
	refresh();
}
