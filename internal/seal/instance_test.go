package seal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestInstanceKeyIsMadeOnceAndReadAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "instance.key")
	if _, err := LoadInstanceKey(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("load of nothing: %v", err)
	}
	keys := make([]Key, 8)
	var starts sync.WaitGroup
	for i := range keys {
		starts.Go(func() {
			var err error
			if keys[i], err = InstanceKey(path); err != nil {
				t.Error(err)
			}
		})
	}
	starts.Wait()
	for _, k := range keys {
		if !k.Equal(keys[0]) {
			t.Fatal("two starts made two keys")
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if k, err := ParseInstanceKey(string(text)); err != nil || !k.Equal(keys[0]) || string(text) != instanceLine(k) {
		t.Errorf("the file's text: %v", err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
}

func TestReachableOrDamagedInstanceKeysAreRefused(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := instanceLine(keyN(1))
	for name, c := range map[string]struct{ path, want string }{
		"group":      {write("group", good, 0o640), "chmod 600"},
		"world":      {write("world", good, 0o604), "chmod 600"},
		"writable":   {write("writable", good, 0o620), "chmod 600"},
		"empty":      {write("empty", "", 0o600), "not a line"},
		"other":      {write("other", "something else", 0o600), "not a line"},
		"version":    {write("version", strings.Replace(good, "v1", "v2", 1), 0o600), "not a line"},
		"two lines":  {write("two", good+good, 0o600), "not a line"},
		"cut":        {write("cut", good[:len(good)-5], 0o600), "not 32 bytes"},
		"damaged":    {write("damaged", good[:len(good)-4]+"!=\n", 0o600), "damaged"},
		"short":      {write("short", instancePrefix+"AAAA", 0o600), "not 32 bytes"},
		"zeros":      {write("zeros", instancePrefix+strings.Repeat("A", 43)+"=", 0o600), "only zeros"},
		"directory":  {dir, "not a regular file"},
		"no folder":  {filepath.Join(dir, "none", "key"), "no such file"},
		"under file": {filepath.Join(dir, "group", "key"), "not a directory"},
	} {
		before, _ := os.ReadFile(c.path)
		k, err := InstanceKey(c.path)
		if err == nil || k.Valid() || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
			continue
		}
		if strings.Contains(err.Error(), good[len(instancePrefix):][:10]) {
			t.Errorf("%s: the error shows the key: %v", name, err)
		}
		if after, _ := os.ReadFile(c.path); string(after) != string(before) {
			t.Errorf("%s: the file was changed", name)
		}
	}
	if k, err := InstanceKey(write("good", good, 0o400)); err != nil || !k.Equal(keyN(1)) {
		t.Errorf("read-only file: %v", err)
	}
}
