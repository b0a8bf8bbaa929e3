import pytest

from blog.pictures.cards.outline import mask, polygons, wordmark_path


def test_lines_and_closings_are_followed():
    assert list(polygons("M1 2H5V6L1.5-.5ZM9 9 8 7Z")) == [[(1, 2), (5, 2), (5, 6), (1.5, -0.5)], [(9, 9), (8, 7)]]


def test_curve_goes_from_end_to_end_and_the_next_goes_on_smoothly():
    (points,) = polygons("M0 0C0 10 10 10 10 0S20-10 20 0Z")
    assert (points[0], points[12], points[24]) == ((0, 0), (10, 0), (20, 0))
    assert points[6] == (5, 7.5)
    assert points[18] == (15, -7.5)


@pytest.mark.parametrize("path", ["M0 0A1 1 0 0 0 1 1Z", "m1 1z", "M1Z", "M0 0C1 2 3Z", "M0 0Z1"])
def test_what_is_not_known_is_refused(path):
    with pytest.raises(ValueError, match="cannot draw"):
        list(polygons(path))


def test_what_lies_inside_is_a_hole():
    ring = mask("M0 0H9V9H0ZM3 3H6V6H3Z", (18, 18), origin=(0, 0), scale=2)
    assert [ring.getpixel(place) for place in ((2, 2), (8, 8), (15, 15))] == [255, 0, 255]


def test_wordmark_has_nine_letters_with_their_holes():
    outlines = list(polygons(wordmark_path()))
    assert len(outlines) == 9 + 3  # A, O and R have one each
    assert max(x for outline in outlines for x, _ in outline) == 946
