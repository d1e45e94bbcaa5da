// SPDX-License-Identifier: BSD-2-Clause
#define NCURSES_WIDECHAR 1
#include "top/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>

#include "top/keyboard.h"
#include "top/outlet.h"
#include "top/rescue.h"
#include "top/styles.h"
#include "top/terminal.h"
#include "top/text.h"

/* So long for the rest of what a key sends, in ms. */
#define ESCAPE_MS 25

/* And for a terminal to take what gives it back. */
#define LEAVE_MS 500

struct screen {
	SCREEN *curses;
	FILE *file; /* where it draws */
	struct outlet *outlet;
	int signals; /* a signalfd */
	int waiting; /* an eventfd: keys that ncurses has read, and its fd does not tell of */
	int epoll;
	bool waits; /* for the terminal to take what has been drawn */
	bool due;   /* what is drawn is not what is shown, or not all of it */
	bool utf8;
	struct termios mode; /* of the terminal, while it is ours */
	struct styles styles;
	sigset_t before;
	struct sigaction stop; /* what SIGTSTP did before */
	char reset[256];       /* what gives the terminal back */
};

/*
 * ^S would have the run wait for ^Q. ncurses' own stop, in a signal's handler, does not draw all of
 * the screen again.
 */
static void take_control_keys(struct screen *s)
{
	if (tcgetattr(STDIN_FILENO, &s->mode))
		return;
	s->mode.c_iflag &= ~(tcflag_t)IXON;
	s->mode.c_cc[VSUSP] = _POSIX_VDISABLE;
	tcsetattr(STDIN_FILENO, TCSANOW, &s->mode);
}

/* A file of its own for ncurses, which is the terminal for now. */
static int open_file(struct screen *s)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	s->file = fdopen(fd, "w");
	if (s->file)
		return 0;
	close(fd);
	return -ENOMEM;
}

/*
 * ncurses waits for the terminal to take what it writes. It has asked and set the terminal by now:
 * from here on its file is another, and how the terminal is set is for this file to see to.
 */
static int turn_to_outlet(const struct screen *s)
{
	return dup3(outlet_file(s->outlet), fileno(s->file), O_CLOEXEC) < 0 ? -errno : 0;
}

static int open_curses(struct screen *s, struct reason *why)
{
	int err;

	setlocale(LC_CTYPE, "");
	s->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	s->curses = newterm(NULL, s->file, stdin);
	if (!s->curses)
		return reason_set(why, -ENOTTY, "top cannot draw on this terminal");
	cbreak();
	noecho();
	nonl();
	take_control_keys(s);
	err = turn_to_outlet(s);
	if (err)
		return reason_set(why, err, "cannot draw: %s", strerror(-err));
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(ESCAPE_MS);
	curs_set(0);
	styles_choose(&s->styles);
	return 0;
}

static int watch(const struct screen *s, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events};

	return epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

/* It is blocked: a signalfd has it. */
static void never_called(int sig)
{
	(void)sig;
}

/*
 * Another size, a stop, and that it is over. ncurses has handlers, which would have to be called
 * from the loop. It ignores SIGTSTP while it draws, by which the kernel forgets one that is
 * pending: it lets be what is not as by default (ncurses 6.4, tty/lib_tstp.c).
 */
static int open_input(struct screen *s)
{
	const struct sigaction held = {.sa_handler = never_called};
	sigset_t mine;
	int err;

	if (sigaction(SIGTSTP, &held, &s->stop))
		return -errno;
	sigemptyset(&mine);
	sigaddset(&mine, SIGWINCH);
	sigaddset(&mine, SIGTSTP);
	sigaddset(&mine, SIGCONT);
	if (sigprocmask(SIG_BLOCK, &mine, &s->before))
		return -errno;
	s->signals = signalfd(-1, &mine, SFD_CLOEXEC | SFD_NONBLOCK);
	s->waiting = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s->signals < 0 || s->waiting < 0 || s->epoll < 0)
		return -errno;
	err = watch(s, STDIN_FILENO, EPOLLIN);
	if (!err)
		err = watch(s, s->waiting, EPOLLIN);
	return err ? err : watch(s, s->signals, EPOLLIN);
}

static int open_output(struct screen *s)
{
	int err = outlet_new(&s->outlet, STDOUT_FILENO);

	if (!err)
		err = open_file(s);
	return err ? err : rescue_begin(outlet_fd(s->outlet), s->reset);
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
	s->signals = s->waiting = s->epoll = -1;
	err = open_input(s);
	if (!err)
		err = open_output(s);
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

/* Write what the terminal takes; for the rest it is awaited. */
static void flush(struct screen *s)
{
	const bool waits = !outlet_flush(s->outlet);

	if (waits && !s->waits)
		s->waits = !watch(s, outlet_fd(s->outlet), EPOLLOUT);
	else if (!waits && s->waits)
		s->waits = epoll_ctl(s->epoll, EPOLL_CTL_DEL, outlet_fd(s->outlet), NULL) != 0;
}

/* Where there is no other screen to go back to, what comes next begins on the last line. */
static void leave(struct screen *s)
{
	move(LINES - 1, 0);
	clrtoeol();
	refresh();
	endwin();
	outlet_finish(s->outlet, LEAVE_MS);
	flush(s);
	rescue_mode();
}

void screen_free(struct screen *s)
{
	if (!s)
		return;
	if (s->curses) {
		leave(s);
		delscreen(s->curses);
	}
	rescue_end();
	if (s->file)
		fclose(s->file);
	outlet_free(s->outlet);
	if (s->signals >= 0)
		close(s->signals);
	if (s->waiting >= 0)
		close(s->waiting);
	if (s->epoll >= 0)
		close(s->epoll);
	sigaction(SIGTSTP, &s->stop, NULL);
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

/* It has been stopped: somebody else had the terminal meanwhile. */
static void take_again(struct screen *s)
{
	if (!isendwin())
		endwin();
	tcsetattr(STDIN_FILENO, TCSANOW, &s->mode);
	set_size();
	clearok(curscr, TRUE);
	s->due = true;
}

/*
 * Stop, as the terminal has all processes of a job do; when they go on, all is drawn again. Where
 * SIGTSTP is ignored, there is nobody to have them go on.
 */
static void stop(struct screen *s)
{
	const struct timespec now = {0};
	sigset_t stops, goes_on;
	struct sigaction held;

	leave(s);
	sigemptyset(&stops);
	sigaddset(&stops, SIGTSTP);
	sigemptyset(&goes_on);
	sigaddset(&goes_on, SIGCONT);
	sigaction(SIGTSTP, &s->stop, &held);
	sigprocmask(SIG_UNBLOCK, &stops, NULL);
	kill(0, SIGTSTP);
	sigprocmask(SIG_BLOCK, &stops, NULL);
	sigaction(SIGTSTP, &held, NULL);
	sigtimedwait(&goes_on, NULL, &now);
	take_again(s);
}

static void take_signals(struct screen *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGTSTP) {
			stop(s);
		} else if (info.ssi_signo == SIGCONT) {
			take_again(s);
		} else {
			set_size();
			s->due = true;
		}
	}
}

/* Its other side has been closed: it would be readable for ever. */
static bool is_closed(void)
{
	struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};

	return poll(&fd, 1, 0) > 0 && fd.revents & (POLLHUP | POLLERR | POLLNVAL);
}

static int no_key(const struct screen *s)
{
	eventfd_t n;

	eventfd_read(s->waiting, &n);
	return is_closed() ? TOP_KEY_QUIT : TOP_KEY_NONE;
}

int screen_key(struct screen *s)
{
	int key = KEYBOARD_NOTHING;

	flush(s);
	take_signals(s);
	while (key == KEYBOARD_NOTHING) {
		key = keyboard_key();
		if (key == TOP_KEY_NONE)
			return no_key(s);
		if (key != KEYBOARD_STOP && key != KEYBOARD_REDRAW)
			continue;
		if (key == KEYBOARD_STOP)
			stop(s);
		clearok(curscr, TRUE);
		s->due = true;
		key = KEYBOARD_NOTHING;
	}
	return key;
}

void screen_keys_wait(struct screen *s)
{
	eventfd_write(s->waiting, 1);
}

bool screen_is_due(const struct screen *s)
{
	return s->due && !s->waits;
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

static void draw_line(const struct screen *s, int y, const struct top_line *line, size_t shift)
{
	const bool fills = line->style == TOP_HEADER || line->style == TOP_CURSOR;
	const attr_t style = s->styles.lines[line->style];
	wchar_t text[TOP_LINE_SIZE];
	size_t n;

	if (!top_line_shifts(line))
		shift = 0;
	n = top_text_window(text, TOP_LINE_SIZE, line->text, shift, (size_t)COLS);
	attrset(style);
	if (fills)
		mvhline(y, 0, ' ' | style, COLS);
	mvaddnwstr(y, 0, text, (int)n);
	if (line->marked && line->mark >= shift && line->mark < shift + (size_t)COLS)
		mvchgat(y, (int)(line->mark - shift), (int)line->marked, s->styles.mark & ~A_COLOR,
			(short)PAIR_NUMBER(s->styles.mark), NULL);
	attrset(A_NORMAL);
}

void screen_draw(struct screen *s, const struct top_line *lines, size_t n, size_t shift)
{
	/* What has been drawn goes first. */
	s->due = s->waits;
	if (s->waits)
		return;
	erase();
	for (size_t i = 0; i < n && i < (size_t)LINES; i++)
		draw_line(s, (int)i, &lines[i], shift);
	refresh();
	flush(s);
}
